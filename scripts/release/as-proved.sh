#!/usr/bin/env bash
# Refuses a folder that is not, file for file, the one that was proved. Only in the release workflow.
#   as-proved.sh FOLDER PROOF    PROOF: what the job that proved it has said of it
# The folder comes from where every job of the run may put files, also those that run what was installed.
set -euo pipefail

cd "$1"
printf '%s  SHA256SUMS\n' "$2" | sha256sum --check --strict --quiet
sha256sum --check --strict --quiet SHA256SUMS
# What is not listed would be published along.
if ! diff <(cut -c67- SHA256SUMS | LC_ALL=C sort) <(find . ! -type d ! -path ./SHA256SUMS -printf '%P\n' | LC_ALL=C sort) >&2; then
  echo 'These files are not the ones that were proved.' >&2
  exit 1
fi
