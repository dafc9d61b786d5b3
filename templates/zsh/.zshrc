# Read by the zsh of `nixpy shell`: the user's own settings, then the project's programs first
ZDOTDIR=${NIXPY_ZDOTDIR:-$HOME}
# macOS names the file of the history in /etc/zshrc
[[ ${HISTFILE-} != "$NIXPY_ZSH"/* ]] || HISTFILE=$ZDOTDIR/${HISTFILE:t}
[[ ! -r $ZDOTDIR/.zshrc ]] || source "$ZDOTDIR/.zshrc"
[[ -n $NIXPY_ZDOTDIR ]] || unset ZDOTDIR
PATH=$NIXPY_PATH
unset NIXPY_PATH NIXPY_ZDOTDIR NIXPY_ZSH
