package org.pushjobs.workstation.completion;

import java.util.Locale;

/** A shell that can be helped, and the script for it. All of them ask the program itself for the words that fit. */
enum Shell {
    BASH("""
            # Completes the words of @NAME@. For ~/.bashrc: source <(@NAME@ completion bash)
            _complete_@FUNCTION@() {
              local IFS=$'\\n'
              COMPREPLY=($(@NAME@ @COMPLETE@ "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
            }
            complete -o default -F _complete_@FUNCTION@ @NAME@
            """),
    ZSH("""
            #compdef @NAME@
            # Completes the words of @NAME@. For ~/.zshrc, after compinit: source <(@NAME@ completion zsh)
            _complete_@FUNCTION@() {
              local -a candidates
              candidates=("${(@f)$(@NAME@ @COMPLETE@ "${(@)words[2,CURRENT]}" 2>/dev/null)}")
              if [[ -n "${candidates[1]}" ]]; then
                compadd -a candidates
              else
                _files
              fi
            }
            compdef _complete_@FUNCTION@ @NAME@
            """),
    FISH("""
            # Completes the words of @NAME@. For ~/.config/fish/config.fish: @NAME@ completion fish | source
            function _complete_@FUNCTION@
                set -l before (commandline -opc)
                set -l current (commandline -ct)
                @NAME@ @COMPLETE@ $before[2..-1] "$current" 2>/dev/null
            end
            complete -c @NAME@ -a '(_complete_@FUNCTION@)'
            """);

    private final String script;

    Shell(String script) {
        this.script = script;
    }

    /** @param program under which name it was called */
    String script(String program) {
        return script.replace("@FUNCTION@", program.replace('-', '_'))
                .replace("@NAME@", program)
                .replace("@COMPLETE@", Candidates.NAME);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
