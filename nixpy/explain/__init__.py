"""Why each distribution is there, who provides it, and what does not fit: ``nixpy explain``.

Pure: facts, the user's choices and what is known of Nix's versions go in, rows come out.
"""
