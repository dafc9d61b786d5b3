# What nixpkgs' cc-wrapper and bintools-wrapper export, and how they find headers and libraries.
ccWrapper_addCVars() {
  if [[ -d $1/include ]]; then
    export NIX_CFLAGS_COMPILE="${NIX_CFLAGS_COMPILE-} -isystem $1/include"
  fi
}

bintoolsWrapper_addLDVars() {
  if [[ -d $1/lib ]]; then
    # A folder without libraries (a Python package's) says nothing to the linker.
    local files=("$1"/lib/lib*)
    if [[ -e ${files[0]-} ]]; then
      export NIX_LDFLAGS="${NIX_LDFLAGS-} -L$1/lib"
    fi
  fi
}

addEnvHooks "$targetOffset" ccWrapper_addCVars
addEnvHooks "$targetOffset" bintoolsWrapper_addLDVars

export NIX_CFLAGS_COMPILE="${NIX_CFLAGS_COMPILE-}${name:+ -frandom-seed=${out:11:10}}"
export NIX_HARDENING_ENABLE="bindnow format fortify fortify3 libcxxhardeningfast pic relro stackclashprotection stackprotector strictoverflow zerocallusedregs"
export NIX_CC_WRAPPER_TARGET_HOST_@infixSalt@=1
export NIX_BINTOOLS_WRAPPER_TARGET_HOST_@infixSalt@=1
export CC=gcc CXX=g++
export LD=ld AR=ar AS=as NM=nm OBJCOPY=objcopy OBJDUMP=objdump RANLIB=ranlib READELF=readelf
export SIZE=size STRINGS=strings STRIP=strip
export NIX_CC="$pkg" NIX_BINTOOLS="$pkg"
