# Read by the zsh of `nixpy shell` in place of the user's own, with which it goes on
NIXPY_ZSH=$ZDOTDIR
ZDOTDIR=${NIXPY_ZDOTDIR:-$HOME}
[[ ! -r $ZDOTDIR/.zshenv ]] || source "$ZDOTDIR/.zshenv"
[[ -z $NIXPY_ZDOTDIR && $ZDOTDIR == "$HOME" ]] || NIXPY_ZDOTDIR=$ZDOTDIR
ZDOTDIR=$NIXPY_ZSH
