/** Programs that name a key file without being a client: they read, copy, show or edit what they are given, and go. Whatever else names one counts. */
export const bystanders: ReadonlySet<string> = new Set(
  [
    'ag awk bat cat chattr chgrp chmod chown cksum cmp code cp curl diff ed egrep emacs emacsclient ex fgrep file find fuser gawk getfacl grep',
    'head hexdump inotifywait inotifywatch install jq less ln ls lsof man mawk mcedit md5sum more mv nano nl nvim od openssl pgrep pico pidof',
    'pkill ps readlink realpath rg rm rsync scp sed setfacl sftp sha1sum sha256sum sha512sum shred sort split ssh stat strings tac tail tar tee',
    'touch truncate vi view vim vim.basic vim.tiny vimdiff wc wget xxd yq zgrep zless',
    'age gpg gzip zip xz zstd base64 column cut tr uniq',
    'journalctl loginctl machinectl systemctl systemd-analyze service',
    // the process that these start, or ask another to start, is looked at itself
    'docker kubectl nerdctl podman screen tmux systemd-run vaultvisor',
    // of a shell
    '. : [ [[ alias break case cd continue declare echo esac exit export false for kill killall local logger printf pwd read readonly return',
    'select set shift sleep source test trap true type ulimit umask unset wait',
  ].flatMap((line) => line.split(' ')),
);

/** Programs that run the one that follows among their arguments; with those of their options that take a value. */
export const launchers: ReadonlyMap<string, string> = new Map([
  ['builtin', ''],
  ['catatonit', ''],
  ['chroot', ''],
  ['chrt', 'TPD'],
  ['command', ''],
  ['doas', 'uC'],
  ['dumb-init', 'r'],
  ['env', 'uCS'],
  ['eval', ''],
  ['exec', 'a'],
  ['flock', 'wE'],
  ['ionice', 'cnpPu'],
  ['nice', 'n'],
  ['nohup', ''],
  ['nsenter', 'tSG'],
  ['numactl', 'NCpim'],
  ['prlimit', ''],
  ['runuser', 'ugGs'],
  ['script', ''],
  ['setpriv', ''],
  ['setsid', ''],
  ['stdbuf', 'ioe'],
  ['strace', 'eopsaIOSuEbPX'],
  ['su', 'gGs'],
  ['sudo', 'ugCcDhpRrtTU'],
  ['taskset', ''],
  ['time', 'fo'],
  ['timeout', 'ks'],
  ['tini', 'pe'],
  ['unshare', ''],
  ['watch', 'n'],
  ['xargs', 'IdEnLPsa'],
]);

export const shells: ReadonlySet<string> = new Set([
  'ash',
  'bash',
  'busybox',
  'dash',
  'fish',
  'ksh',
  'mksh',
  'sh',
  'zsh',
]);

/** Words of a shell's grammar that stand before a command. */
export const grammar: ReadonlySet<string> = new Set([
  '!',
  'do',
  'done',
  'elif',
  'else',
  'fi',
  'if',
  'then',
  'until',
  'while',
  '{',
  '}',
]);
