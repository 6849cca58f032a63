#!/bin/bash -eu
# ClusterFuzzLite looks for this file here.
exec "$SRC/heddle/ci/oss_fuzz/build.sh"
