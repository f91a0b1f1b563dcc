'use strict';
// As plotly.js builds its own bundles (its esbuild-config.js), with fewer traces.
const path = require('path');
const {environmentPlugin} = require('esbuild-plugin-environment');
const {glsl} = require('esbuild-plugin-glsl');
const InlineCSSPlugin = require('esbuild-plugin-inline-css');
const {version} = require('plotly.js/package.json');

const banner = `/**
* plotly.js (strict, traces of Segment Atlas) v${version}
* Copyright 2012-2026, Plotly, Inc.
* All rights reserved.
* Licensed under the MIT license
*/`;

require('esbuild').build({
  absWorkingDir: __dirname,
  entryPoints: ['traces.js'],
  outfile: path.join('..', '..', 'assets', 'plotly-atlas.min.js'),
  banner: {js: banner},
  format: 'iife',
  globalName: 'Plotly',
  bundle: true,
  minify: true,
  legalComments: 'eof',
  plugins: [InlineCSSPlugin(), glsl({minify: true}), environmentPlugin({NODE_DEBUG: false})],
  alias: {regl: '@plotly/regl', stream: 'stream-browserify', buffer: 'buffer/'},
  define: {global: 'window', 'define.amd': 'false'},
  target: 'es2016',
  logLevel: 'info',
}).catch(() => process.exit(1));
