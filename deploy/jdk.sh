# Sourced by run and test: finds a JDK 25, exports JAVA_HOME, and checks for Maven.

die() {
  printf '%s\n' "$@" >&2
  exit 1
}

is_jdk_25() {
  [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25["._+-]' "$1/release"
}

find_jdk() {
  on_path=$(command -v java >/dev/null 2>&1 && java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p') || on_path=
  on_mac=$(/usr/libexec/java_home -v 25 2>/dev/null) || on_mac=
  for home in "${JAVA_HOME:-}" "$on_path" "$on_mac" /usr/lib/jvm/* /usr/java/* /usr/local/*jdk* /opt/* /opt/*/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$home" ] && is_jdk_25 "$home"; then
      export JAVA_HOME="$home"
      return
    fi
  done
  die "No JDK 25 was found (JAVA_HOME, the PATH, /usr/lib/jvm, /opt, ~/.sdkman and ~/.jdks were looked through)." \
    "Install one, for example from https://adoptium.net, or set JAVA_HOME to it."
}

need_maven() {
  command -v mvn >/dev/null 2>&1 || die "Maven is needed to build Agent Server, and there is no mvn on the PATH." \
    "Install it: apt install maven, brew install maven, or https://maven.apache.org."
}
