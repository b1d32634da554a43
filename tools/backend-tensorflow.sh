#!/usr/bin/env bash
# Installs @tensorflow/tfjs-node into node_modules. Where the host that stores its native library is out of reach, builds the binding
# against the libtensorflow inside PyPI's tensorflow-cpu wheel, for x86-64 Linux (needs Python 3 with pip, and g++). Peapod's package.json stays.
set -euo pipefail
tfjs=4.22.0
wheel=${TENSORFLOW:-2.15.1}
if npm install --no-save --no-audit --no-fund "@tensorflow/tfjs-node@$tfjs" && node -e "require('@tensorflow/tfjs-node')" 2>/dev/null; then
  echo 'TensorFlow for Node is installed.'
  exit
fi
echo 'Its native library could not be fetched: building it against the tensorflow-cpu wheel of PyPI.'
npm install --no-save --no-audit --no-fund --ignore-scripts "@tensorflow/tfjs-node@$tfjs" node-api-headers@1.5.0
package=$(node -p "require('path').dirname(require.resolve('@tensorflow/tfjs-node/package.json'))")
headers=$(node -p "require('node-api-headers').include_dir")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download -q --no-deps --no-cache-dir -d "$work" --python-version 3.11 --only-binary=:all: \
  --platform manylinux2014_x86_64 --platform manylinux_2_27_x86_64 "tensorflow-cpu==$wheel"
mkdir -p "$package/deps/lib" "$package/deps/include" "$package/lib/napi-v8"
python3 - "$work"/*.whl "$package/deps" <<'PYTHON'
import os, shutil, sys, zipfile

wheel, target = sys.argv[1:]
libraries = {'tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'}
headers = ('c/', 'core/platform/ctstring', 'tsl/platform/ctstring', 'tsl/c/')
with zipfile.ZipFile(wheel) as held:
    for name in held.namelist():
        inside = name.removeprefix('tensorflow/include/')
        if name in libraries:
            path = os.path.join(target, 'lib', os.path.basename(name))
        elif inside != name and name.endswith('.h') and inside.removeprefix('tensorflow/').removeprefix('xla/').startswith(headers):
            path = os.path.join(target, 'include', inside)
        else:
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with held.open(name) as source, open(path, 'wb') as file:
            shutil.copyfileobj(source, file)
PYTHON
g++ -std=c++17 -O2 -shared -fPIC -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION -I "$headers" -I "$package" -I "$package/deps/include" \
  "$package"/binding/*.cc -o "$package/lib/napi-v8/tfjs_binding.node" \
  "$package/deps/lib/libtensorflow_cc.so.2" "$package/deps/lib/libtensorflow_framework.so.2" -Wl,-rpath,'$ORIGIN/../../deps/lib'
node -e "require('@tensorflow/tfjs-node')"
echo 'TensorFlow for Node is installed, built here.'
