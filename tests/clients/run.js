// Starts the gateway in demo mode (its own port, folder and sandbox), waits until its tables are loaded, and runs every *.test.js against it.
// FEED=http://…/odata/demo/ tests a gateway that runs already. The exit code is 0 when every test passed; the report is TAP.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const patience = 4 * 60_000;

const data = await mkdtemp(path.join(tmpdir(), 'coupa-gateway-clients-'));
let gateway;
let code = 1;
try {
  const feed = process.env.FEED ?? await start();
  await loaded(feed);
  const chosen = process.argv.slice(2);
  const files = chosen.length > 0 ? chosen : (await readdir(here)).filter(name => name.endsWith('.test.js')).sort();
  code = await exitOf(spawn(
    process.execPath,
    ['--test', '--test-concurrency=1', '--test-reporter=tap', ...files.map(name => path.join(here, name))],
    { stdio: 'inherit', env: { ...process.env, FEED: feed } }));
} finally {
  if (gateway) {
    gateway.kill('SIGTERM');
    await exitOf(gateway);
  }

  await rm(data, { recursive: true, force: true });
}

process.exitCode = code;

/** Starts the gateway; gives the address of its feed. */
function start() {
  const program = process.env.GATEWAY ?? path.join(here, '../../src/CoupaGateway/bin/Release/net10.0/CoupaGateway.dll');
  gateway = spawn('dotnet', ['exec', program, 'demo', '--port', '0', '--rate', '0', '--scale', '0.2', '--data', data], { cwd: data });
  let output = '';
  return new Promise((resolve, reject) => {
    const read = bytes => {
      output += bytes;
      const address = /^Feed\s+(http:\/\/\S+)/m.exec(output);
      if (address)
        resolve(address[1]);
    };
    gateway.stdout.on('data', read);
    gateway.stderr.on('data', read);
    gateway.on('exit', () => reject(new Error(`The gateway ended:\n${output}`)));
  });
}

async function loaded(feed) {
  for (const end = Date.now() + patience; Date.now() < end;) {
    const answer = await fetch(new URL("_meta/$count?$filter=state ne 'loaded' and table_name ne 'deleted_records'", feed));
    if (answer.ok && await answer.text() === '0')
      return;
    await new Promise(resolve => setTimeout(resolve, 250));
  }

  throw new Error('The tables were not loaded in time.');
}

function exitOf(process) {
  return new Promise(resolve => process.exitCode === null ? process.on('exit', resolve) : resolve(process.exitCode));
}
