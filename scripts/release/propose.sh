#!/usr/bin/env bash
# Opens, or brings up to date, the pull request that raises the version. Only in the release workflow.
#   propose.sh FILE    FILE: the difference that a job without rights has made, by code that was installed
# What is installed may be bad one day. So the difference is data: nothing of it is run here, and it may only do what raising a
# version does.
set -euo pipefail

BRANCH=changeset-release/main
git apply --index "$1"

# Plain files, of three names. So it holds no workflow, no script and no link.
files='^:(000000|100644) (000000|100644) [0-9a-f]+ [0-9a-f]+ [AMD]'$'\t''(\.changeset/[a-z0-9-]+\.md|[a-z0-9/-]+/(package\.json|CHANGELOG\.md))$'
# In a manifest the version alone: a script there would be run by whoever installs. It is read as text, also where git and grep
# take it for none and say nothing of its lines.
versions='^([-+]  "version": "[0-9]+\.[0-9]+\.[0-9]+",?|--- (a/[a-z0-9/-]+/package\.json|/dev/null)|\+\+\+ b/[a-z0-9/-]+/package\.json)$'
export LC_ALL=C
others=$(
  git diff --cached --raw --no-renames | grep -avE "$files" || true
  git diff --cached --unified=0 --no-renames --text -- '*package.json' | grep -aE '^[-+]' | grep -avE "$versions" || true
)
if [ -n "$others" ]; then
  printf 'Raising a version changes versions, changelogs and changesets. Nothing is proposed, because this does more:\n%s\n' "$others" >&2
  exit 1
fi

git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
  commit --quiet --message 'Release the next version'
# The token goes by gh and the environment: not into a URL, nor into the configuration of the clone.
gh auth setup-git
git push --quiet --force origin "HEAD:refs/heads/$BRANCH"
if [ "$(gh pr list --head "$BRANCH" --base main --state open --json number --jq length)" = 0 ]; then
  gh pr create --head "$BRANCH" --base main --title 'Release the next version' \
    --body 'Merging this publishes. What has changed for whom stands in the CHANGELOG.md of each package.'
fi
