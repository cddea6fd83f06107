// Serves UI5 as its packages have it, and the feed below the same address, as SAP's servers do.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = path.join(path.dirname(fileURLToPath(import.meta.url)), '../node_modules/@openui5');
const types = { '.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css', '.properties': 'text/plain', '.html': 'text/html' };

const page = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>UI5</title>
<script id="sap-ui-bootstrap" src="/resources/sap-ui-core.js" data-sap-ui-async="true" data-sap-ui-compat-version="edge" data-sap-ui-libs="" data-sap-ui-theme=""
 data-sap-ui-on-init="module:ready"></script></head><body></body></html>`;

/** @returns the server's address and a function that ends it. */
export async function serve(feed) {
  const target = new URL(feed);
  const server = http.createServer((request, response) => {
    if (request.url.startsWith('/odata/'))
      forward(target, request, response);
    else if (request.url.startsWith('/resources/ready.js'))
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('window.ui5Ready = true;');
    else if (request.url.startsWith('/resources/'))
      file(request.url.slice('/resources/'.length).split('?')[0], response);
    else if (request.url === '/')
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
    else
      response.writeHead(404).end();
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => new Promise(resolve => { server.closeAllConnections(); server.close(resolve); }) };
}

function forward(target, request, response) {
  const onward = http.request({ host: target.hostname, port: target.port, method: request.method, path: request.url, headers: { ...request.headers } }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

async function file(name, response) {
  const found = path.join(packages, 'sap.ui.core/src', path.normalize(`/${name}`));
  if (!(await stat(found).catch(() => null))?.isFile()) {
    response.writeHead(404).end();
    return;
  }

  response.writeHead(200, { 'Content-Type': types[path.extname(found)] ?? 'application/octet-stream' });
  createReadStream(found).pipe(response);
}
