# Builds what is not built yet. Sourced by ./run and ./agentctl, which set `root` and source jdk.sh before.
target=$root/all-in-one/target
stamp=$target/built
log=$target/build.log
classes=$target/all-in-one.jar:$target/lib/*

# Directories count too: a file that was deleted changes the time of the directory it was in.
up_to_date() {
  [ -f "$stamp" ] && [ -z "$(cd "$root" && find pom.xml ./*/pom.xml ./*/src/main -newer "$stamp" | head -n 1)" ]
}

# Everything goes to the log; the screen shows each module as it is begun, and that libraries arrive.
progress() {
  fetched=0
  status=1
  while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in
      "status "*) status=${line#status } ;;
      *"] Building "*"["*"/"*"]"*) printf '  %s\n' "$(printf '%s' "${line#*\] Building }" | tr -s ' ')" >&2 ;;
      *"Downloaded from"*)
        fetched=$((fetched + 1))
        [ $((fetched % 100)) -ne 0 ] || printf '  %d files fetched\n' "$fetched" >&2
        ;;
    esac
  done >"$log"
  return "$status"
}

build() {
  need_maven
  echo "building with $JAVA_HOME (the first time takes a few minutes) ..."
  mkdir -p "$target"
  rm -rf "$target/lib" "$target/all-in-one.jar" "$target"/*.jsa
  touch "$stamp.new" # of before the build: what is changed meanwhile is newer
  if (cd "$root" && mvn -B -pl all-in-one -am -Dquick -DskipTests package && printf "\nstatus 0\n") 2>&1 | progress; then
    mv "$stamp.new" "$stamp"
  else
    grep -E '^\[ERROR\]' "$log" | head -n 20 >&2
    die "The build failed. Everything it said is in $log."
  fi
}
