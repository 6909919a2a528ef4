/** What each shell reads; the grammar stays in the program, so that these are never stale. */
export const scripts = {
  bash: `
# vaultvisor completion bash > /etc/bash_completion.d/vaultvisor
_vaultvisor() {
  local current=\${COMP_WORDS[COMP_CWORD]} line
  local -a found
  mapfile -t found < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
  COMPREPLY=()
  if [[ \${found[0]-} == :files ]]; then
    compopt -o filenames
    [[ $current == = ]] && current=
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    return
  fi
  for line in "\${found[@]}"; do COMPREPLY+=("\${line%%$'\\t'*}"); done
}
complete -F _vaultvisor vaultvisor
`,
  zsh: `
#compdef vaultvisor
# vaultvisor completion zsh > "\${fpath[1]}/_vaultvisor"
_vaultvisor() {
  local -a found described
  local line
  found=("\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}")
  if [[ $found[1] == :files ]]; then
    _files
    return
  fi
  for line in $found; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe vaultvisor described
}
compdef _vaultvisor vaultvisor
`,
  fish: `
# vaultvisor completion fish > ~/.config/fish/completions/vaultvisor.fish
function __vaultvisor_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (vaultvisor complete -- $words[2..-1] 2> /dev/null)
  if test "$found" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c vaultvisor -f -a '(__vaultvisor_complete)'
`,
} as const;

export type Shell = keyof typeof scripts;
