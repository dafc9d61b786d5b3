# The part of nixpkgs' `lib` that flakes use, with the same names, arguments and results.
let
  inherit (builtins)
    all
    any
    attrNames
    attrValues
    concatLists
    concatStringsSep
    elem
    elemAt
    filter
    foldl'
    functionArgs
    genList
    getAttr
    hasAttr
    head
    intersectAttrs
    isAttrs
    isFunction
    isList
    isString
    length
    listToAttrs
    map
    mapAttrs
    match
    removeAttrs
    replaceStrings
    split
    stringLength
    substring
    tail
    toString
    ;

  lib = {
    inherit (builtins)
      add
      addErrorContext
      all
      any
      attrNames
      attrValues
      bitAnd
      bitOr
      bitXor
      catAttrs
      compareVersions
      concatLists
      concatMap
      concatStringsSep
      deepSeq
      div
      elem
      elemAt
      filter
      foldl'
      fromJSON
      functionArgs
      genList
      getAttr
      groupBy
      hasAttr
      hasContext
      head
      intersectAttrs
      isAttrs
      isBool
      isFloat
      isInt
      isList
      isPath
      isString
      length
      lessThan
      listToAttrs
      mapAttrs
      match
      mul
      partition
      pathExists
      readFile
      removeAttrs
      replaceStrings
      seq
      sort
      split
      splitVersion
      stringLength
      sub
      substring
      tail
      toJSON
      toPath
      trace
      tryEval
      typeOf
      ;

    # Functions
    id = x: x;
    const = x: _: x;
    flip =
      f: a: b:
      f b a;
    pipe = foldl' (x: f: f x);
    fix =
      f:
      let
        x = f x;
      in
      x;
    extends =
      overlay: f: final:
      let
        prev = f final;
      in
      prev // overlay final prev;
    composeExtensions =
      f: g: final: prev:
      let
        first = f final prev;
      in
      first // g final (prev // first);
    composeManyExtensions = lib.foldr lib.composeExtensions (_: _: { });
    isFunction = f: isFunction f || (f ? __functor && lib.isFunction (f.__functor f));
    toFunction = v: if lib.isFunction v then v else _: v;
    setFunctionArgs = f: args: {
      __functor = _: f;
      __functionArgs = args;
    };
    callPackageWith =
      scope: f: args:
      let
        function = if lib.isFunction f then f else import f;
        wanted = intersectAttrs (functionArgs function) scope;
      in
      lib.makeOverridable function (wanted // args);
    makeOverridable =
      f: args:
      let
        result = f args;
        override = new: lib.makeOverridable f (args // lib.toFunction new args);
      in
      if isAttrs result then result // { inherit override; } else result;
    throwIf = condition: message: if condition then throw message else lib.id;
    throwIfNot = condition: lib.throwIf (!condition);
    warn = message: builtins.trace "warning: ${message}";
    warnIf = condition: message: if condition then lib.warn message else lib.id;
    assertMsg = condition: message: condition || throw message;
    importJSON = path: builtins.fromJSON (builtins.readFile path);
    importTOML = path: fromTOML (builtins.readFile path);
    mod = a: b: a - b * (a / b);
    min = a: b: if a < b then a else b;
    max = a: b: if a > b then a else b;
    boolToString = b: if b then "true" else "false";
    version = "26.05";
    trivial = {
      release = "26.05";
      version = "26.05";
    };

    # Lists
    singleton = x: [ x ];
    foldr =
      op: nul: list:
      let
        count = length list;
        fold = n: if n == count then nul else op (elemAt list n) (fold (n + 1));
      in
      fold 0;
    foldl = foldl';
    imap0 = f: list: genList (n: f n (elemAt list n)) (length list);
    imap1 = f: list: genList (n: f (n + 1) (elemAt list n)) (length list);
    optional = condition: x: if condition then [ x ] else [ ];
    optionals = condition: xs: if condition then xs else [ ];
    toList = x: if isList x then x else [ x ];
    flatten = x: if isList x then builtins.concatMap lib.flatten x else [ x ];
    remove = x: filter (y: y != x);
    findFirst =
      predicate: default: list:
      let
        found = filter predicate list;
      in
      if found == [ ] then default else head found;
    count = predicate: list: length (filter predicate list);
    range = first: last: if first > last then [ ] else genList (n: first + n) (last - first + 1);
    replicate = n: x: genList (_: x) n;
    reverseList =
      list:
      let
        count = length list;
      in
      genList (n: elemAt list (count - n - 1)) count;
    take = n: list: genList (elemAt list) (lib.min n (length list));
    drop = n: list: genList (i: elemAt list (i + n)) (lib.max 0 (length list - n));
    last = list: elemAt list (length list - 1);
    init = list: lib.take (length list - 1) list;
    unique = foldl' (seen: x: if elem x seen then seen else seen ++ [ x ]) [ ];
    subtractLists = unwanted: filter (x: !(elem x unwanted));
    intersectLists = other: filter (x: elem x other);
    zipListsWith =
      f: a: b:
      genList (n: f (elemAt a n) (elemAt b n)) (lib.min (length a) (length b));
    zipLists = lib.zipListsWith (fst: snd: { inherit fst snd; });
    sortOn = f: builtins.sort (a: b: f a < f b);
    cartesianProduct =
      sets:
      foldl' (
        products: name: builtins.concatMap (p: map (v: p // { ${name} = v; }) sets.${name}) products
      ) [ { } ] (attrNames sets);

    # Attribute sets
    attrByPath =
      path: default: set:
      if path == [ ] then
        set
      else if isAttrs set && set ? ${head path} then
        lib.attrByPath (tail path) default set.${head path}
      else
        default;
    hasAttrByPath =
      path: set: path == [ ] || (set ? ${head path} && lib.hasAttrByPath (tail path) set.${head path});
    getAttrFromPath =
      path: set:
      lib.attrByPath path (throw ("cannot find attribute `" + concatStringsSep "." path + "'")) set;
    setAttrByPath =
      path: value: if path == [ ] then value else { ${head path} = lib.setAttrByPath (tail path) value; };
    attrVals = names: set: map (name: set.${name}) names;
    nameValuePair = name: value: { inherit name value; };
    genAttrs = names: f: listToAttrs (map (name: lib.nameValuePair name (f name)) names);
    mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    concatMapAttrs = f: set: foldl' (merged: new: merged // new) { } (lib.mapAttrsToList f set);
    filterAttrs =
      predicate: set:
      removeAttrs set (filter (name: !(predicate name set.${name})) (attrNames set));
    optionalAttrs = condition: set: if condition then set else { };
    mergeAttrsList = foldl' (merged: new: merged // new) { };
    mergeAttrs = a: b: a // b;
    recursiveUpdate =
      a: b:
      a
      // mapAttrs (
        name: value:
        if isAttrs value && isAttrs (a.${name} or null) then lib.recursiveUpdate a.${name} value else value
      ) b;
    zipAttrsWith =
      f: sets:
      lib.genAttrs (lib.unique (builtins.concatMap attrNames sets)) (
        name: f name (builtins.catAttrs name sets)
      );
    zipAttrs = lib.zipAttrsWith (_: values: values);
    foldlAttrs =
      f: init: set:
      foldl' (acc: name: f acc name set.${name}) init (attrNames set);
    attrsToList = lib.mapAttrsToList lib.nameValuePair;
    mapAttrsRecursive =
      f: set:
      let
        recurse = path: mapAttrs (
          name: value:
          if isAttrs value then recurse (path ++ [ name ]) value else f (path ++ [ name ]) value
        );
      in
      recurse [ ] set;
    collect =
      predicate: set:
      if predicate set then
        [ set ]
      else if isAttrs set then
        builtins.concatMap (lib.collect predicate) (attrValues set)
      else
        [ ];
    recurseIntoAttrs = set: set // { recurseForDerivations = true; };
    dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };

    # Strings
    concatStrings = concatStringsSep "";
    concatMapStrings = f: list: lib.concatStrings (map f list);
    concatMapStringsSep =
      separator: f: list:
      concatStringsSep separator (map f list);
    concatImapStringsSep =
      separator: f: list:
      concatStringsSep separator (lib.imap1 f list);
    concatLines = lib.concatMapStrings (line: line + "\n");
    concatMapAttrsStringSep =
      separator: f: set:
      concatStringsSep separator (lib.mapAttrsToList f set);
    intersperse =
      separator: list:
      lib.drop 1 (
        builtins.concatMap (x: [
          separator
          x
        ]) list
      );
    optionalString = condition: string: if condition then string else "";
    hasPrefix = prefix: string: substring 0 (stringLength prefix) string == prefix;
    hasSuffix =
      suffix: string:
      let
        extra = stringLength string - stringLength suffix;
      in
      extra >= 0 && substring extra (-1) string == suffix;
    hasInfix = infix: string: match ".*${lib.escapeRegex infix}.*" "${string}" != null;
    removePrefix =
      prefix: string:
      if lib.hasPrefix prefix string then substring (stringLength prefix) (-1) string else string;
    removeSuffix =
      suffix: string:
      if lib.hasSuffix suffix string then
        substring 0 (stringLength string - stringLength suffix) string
      else
        string;
    stringToCharacters = string: genList (n: substring n 1 string) (stringLength string);
    stringAsChars = f: string: lib.concatMapStrings f (lib.stringToCharacters string);
    splitString =
      separator: string: filter isString (split (lib.escapeRegex (toString separator)) (toString string));
    escape = characters: replaceStrings characters (map (c: "\\${c}") characters);
    escapeRegex = lib.escape (lib.stringToCharacters "\\[{()^$?*+|.");
    escapeShellArg =
      argument:
      let
        string = toString argument;
      in
      if match "[[:alnum:],._+:@%/-]+" string == null then
        "'${replaceStrings [ "'" ] [ "'\\''" ] string}'"
      else
        string;
    escapeShellArgs = lib.concatMapStringsSep " " lib.escapeShellArg;
    toShellVar = name: value: "${name}=${lib.escapeShellArg value}";
    toShellVars = set: concatStringsSep "\n" (lib.mapAttrsToList lib.toShellVar set);
    escapeNixString =
      string: lib.escape [ "$" ] (builtins.toJSON string);
    lowerChars = lib.stringToCharacters "abcdefghijklmnopqrstuvwxyz";
    upperChars = lib.stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    toLower = replaceStrings lib.upperChars lib.lowerChars;
    toUpper = replaceStrings lib.lowerChars lib.upperChars;
    toInt = string: builtins.fromJSON string;
    trim =
      string:
      let
        kept = match "[[:space:]]*(.*[^[:space:]])[[:space:]]*" string;
      in
      if kept == null then "" else head kept;
    makeSearchPath =
      folder: paths: concatStringsSep ":" (map (path: "${path}/${folder}") (filter (x: x != null) paths));
    makeSearchPathOutput =
      output: folder: packages:
      lib.makeSearchPath folder (map (lib.getOutput output) packages);
    makeLibraryPath = lib.makeSearchPathOutput "lib" "lib";
    makeBinPath = lib.makeSearchPathOutput "bin" "bin";
    makeIncludePath = lib.makeSearchPathOutput "dev" "include";
    versionOlder = a: b: builtins.compareVersions b a == 1;
    versionAtLeast = a: b: !lib.versionOlder a b;
    getName =
      x: if isString x then (builtins.parseDrvName x).name else x.pname or (builtins.parseDrvName x.name).name;
    getVersion =
      x:
      if isString x then
        (builtins.parseDrvName x).version
      else
        x.version or (builtins.parseDrvName x.name).version;
    versions = {
      major = version: elemAt (builtins.splitVersion version) 0;
      minor = version: elemAt (builtins.splitVersion version) 1;
      patch = version: elemAt (builtins.splitVersion version) 2;
      majorMinor = version: concatStringsSep "." (lib.take 2 (builtins.splitVersion version));
    };
    fileContents = file: lib.removeSuffix "\n" (builtins.readFile file);
    sanitizeDerivationName =
      string:
      lib.concatStrings (map (part: if isList part then "-" else part) (split "[^[:alnum:]+._?=-]+" string));

    # Derivations
    isDerivation = value: (value.type or null) == "derivation";
    isStorePath =
      x: (isString x || builtins.isPath x || x ? outPath) && lib.hasPrefix builtins.storeDir (toString x);
    getOutput =
      output: package:
      if !(package.outputSpecified or false) then
        package.${output} or package.out or package
      else
        package;
    getFirstOutput =
      candidates: package:
      let
        found = filter (name: package ? ${name}) candidates;
      in
      if package.outputSpecified or false || found == [ ] then package else package.${head found};
    getBin = lib.getOutput "bin";
    getLib = package: lib.getFirstOutput [ "lib" "out" ] package;
    getDev = lib.getOutput "dev";
    getMan = lib.getOutput "man";
    getInclude = package: lib.getFirstOutput [ "include" "dev" "out" ] package;
    chooseDevOutputs = map lib.getDev;
    getExe = package: lib.getExe' package (package.meta.mainProgram or (lib.getName package));
    getExe' = package: program: "${lib.getBin package}/bin/${program}";
    addMetaAttrs = meta: package: package // { meta = (package.meta or { }) // meta; };
    setName = name: package: package // { inherit name; };
    hiPrio = package: lib.setPrio (-10) package;
    lowPrio = package: lib.setPrio 10 package;
    setPrio = priority: lib.addMetaAttrs { inherit priority; };
    meta.availableOn = platform: package: elem platform.system (package.meta.platforms or lib.platforms.all);

    platforms = {
      linux = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      darwin = [
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      unix = lib.platforms.linux ++ lib.platforms.darwin;
      all = lib.platforms.unix;
    };
    systems.flakeExposed = lib.platforms.all;
    maintainers = { };
    teams = { };
    licenses =
      let
        free = spdxId: fullName: {
          inherit fullName spdxId;
          free = true;
          redistributable = true;
          shortName = lib.toLower spdxId;
        };
        unfree = shortName: {
          inherit shortName;
          free = false;
          fullName = "Unfree";
          redistributable = false;
        };
      in
      {
        asl20 = free "Apache-2.0" "Apache License 2.0";
        bsd2 = free "BSD-2-Clause" "BSD 2-clause Simplified License";
        bsd3 = free "BSD-3-Clause" "BSD 3-clause New or Revised License";
        gpl2Plus = free "GPL-2.0-or-later" "GNU General Public License v2.0 or later";
        gpl3Only = free "GPL-3.0-only" "GNU General Public License v3.0 only";
        gpl3Plus = free "GPL-3.0-or-later" "GNU General Public License v3.0 or later";
        isc = free "ISC" "ISC License";
        lgpl21Plus = free "LGPL-2.1-or-later" "GNU Lesser General Public License v2.1 or later";
        lgpl3Plus = free "LGPL-3.0-or-later" "GNU Lesser General Public License v3.0 or later";
        mit = free "MIT" "MIT License";
        mpl20 = free "MPL-2.0" "Mozilla Public License 2.0";
        psfl = free "Python-2.0" "Python Software Foundation License version 2";
        zlib = free "Zlib" "zlib License";
        unfree = unfree "unfree";
        unfreeRedistributable = unfree "unfreeRedistributable" // {
          redistributable = true;
        };
      };

    # The same functions under the names of nixpkgs' sub-libraries.
    attrsets = lib;
    lists = lib;
    strings = lib;
    derivations = lib;
    fixedPoints = lib;
    customisation = lib;
  }
  // import ./modules.nix lib;
in
lib
