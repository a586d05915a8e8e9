// Drives the real program in a folder of its own that goes when the test file ends.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import assert from 'node:assert/strict';
import { holdsReply } from './described';

export const program = process.env['GUANXI'] ?? 'build/guanxi';
export const root = mkdtempSync(join(tmpdir(), 'guanxi-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

export type Ran = { code: number | null; out: string; err: string; json: () => any };
export type Reply = Record<string, any>;

/** What a program built with a sanitizer does when it finds something. */
const sanitizers = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.endsWith('SAN_OPTIONS')));

let folders = 0;

/** The url of a database server: with it, the database of a place is a schema there instead of a file. */
const server = process.env['GUANXI_TEST_PG'];

export const onServer = server !== undefined;

/** For tests of what only a database file has: its name, its lock, its disk, its backup. */
export const aboutFile = { skip: onServer && 'it is about a database file' };

/** How its tables are spread over nodes. */
const spread = process.env['GUANXI_TEST_DISTRIBUTE'];

/** Where every write goes over several nodes, thousands of them take minutes. */
const patienceMs = spread === undefined ? 60_000 : 600_000;

/** A folder with a database in it, and the program called there. */
export class Place {
  readonly dir: string;
  readonly servers: ChildProcess[] = [];
  readonly env: Record<string, string | undefined>;
  /** What its servers wrote into the log. */
  told = '';

  constructor(options: { init?: string[] | false } = {}) {
    this.dir = join(root, `place${++folders}`);
    spawnSync('mkdir', [this.dir]);
    const schema = `place_${process.pid}_${folders}`;
    this.env = {
      PATH: process.env['PATH'], GUANXI_TRACE: process.env['GUANXI_TRACE'], GUANXI_FAULT_PG: process.env['GUANXI_FAULT_PG'],
      ...sanitizers,
      ...(server === undefined ? {} : { GUANXI_DB: `${server}&schema=${schema}` }),
    };
    if (options.init !== false) {
      const spreading = spread === undefined ? [] : ['--distribute', spread];
      this.ok('init', ...(options.init ?? ['--currency', 'CNY']), ...spreading);
    }
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  /** The url of its database, as it is given from another folder. */
  get db(): string {
    return this.env['GUANXI_DB'] ?? this.path('guanxi.db');
  }

  /** Tells the database a statement behind the program's back. */
  sql(text: string): void {
    const [url, schema] = this.db.split(/[?&]schema=/);
    const done = onServer
      ? spawnSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', url!, '-c', `SET search_path TO ${schema}`, '-c', text])
      : spawnSync('sqlite3', [this.db, text]);
    assert.equal(done.status, 0, String(done.stderr));
  }

  /** All that is stored, as it is stored. */
  stored(): string {
    if (!onServer) return this.read('guanxi.db') + (existsSync(this.path('guanxi.db-wal')) ? this.read('guanxi.db-wal') : '');
    const [url, schema] = this.db.split(/[?&]schema=/);
    const dump = spawnSync('pg_dump', ['-n', schema!, url!], { encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(dump.status, 0, dump.stderr);
    // A key of this dump's own, which newer ones begin and end with.
    return dump.stdout.replace(/^\\(un)?restrict .*$/gm, '');
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return name;
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  run(args: string[], input?: string | Uint8Array, env: Record<string, string> = {}): Ran {
    const done = spawnSync(program, args, {
      cwd: this.dir,
      input: input ?? '',
      env: { ...this.env, ...env },
      maxBuffer: 1 << 28,
      timeout: patienceMs,
    });
    // EPIPE: it had reason not to read all of its input.
    if (done.error !== undefined && (done.error as NodeJS.ErrnoException).code !== 'EPIPE') {
      throw done.error;
    }
    assert.equal(done.signal, null, `${args.join(' ')} ended by ${done.signal}: ${done.stderr}`);
    const out = done.stdout.toString();
    return { code: done.status, out, err: done.stderr.toString(), json: () => JSON.parse(out) };
  }

  /** Must end with 0. */
  ok(...args: string[]): Ran {
    const ran = this.run(args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.out}${ran.err}`);
    return ran;
  }

  do(operation: string, members: Reply = {}, ...options: string[]): Reply {
    const reply: Reply = this.ok('do', operation, JSON.stringify(members), ...options).json();
    holdsReply(operation, null, reply);
    return reply;
  }

  /** Must be refused with this code and exit 1; gives the sentence printed. */
  refuses(code: string, operation: string, members: Reply = {}, ...options: string[]): string {
    const ran = this.run(['do', operation, JSON.stringify(members), ...options]);
    assert.equal(ran.code, 1, `${operation} was not refused: ${ran.out}${ran.err}`);
    assert.match(ran.err, new RegExp(`^${code}[ :]?`));
    return ran.err;
  }

  journal(lines: Reply[], ...options: string[]): Ran {
    return this.run(['journal', '-', ...options], lines.map((line) => JSON.stringify(line)).join('\n') + '\n');
  }

  /** A server on this place's database; resolves with its address once it listens. */
  async serve(...options: string[]): Promise<string> {
    // Where the database is no file, the lock that tells of the server is asked for under the same name.
    const told = server === undefined ? [] : ['--local-file', 'guanxi.db.lock'];
    const running = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...told, ...options], { cwd: this.dir, env: { ...process.env, ...this.env } });
    this.servers.push(running);
    let said = '';
    running.stderr.on('data', (chunk) => (this.told += chunk));
    for await (const chunk of running.stdout) {
      said += chunk;
      const found = /listening on (\S+)/.exec(said);
      if (found?.[1]) {
        running.stdout.resume();
        return found[1];
      }
    }
    throw new Error(`the server ended: ${said}`);
  }

  async stop(): Promise<void> {
    for (const server of this.servers.splice(0)) {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGTERM');
        await ended;
      }
    }
  }
}

/** Counts of a line like "lines 4 done 3". */
export function counts(line: string): Record<string, number> {
  const words = line.trim().split(/\s+/);
  const found: Record<string, number> = {};
  for (let i = 0; i + 1 < words.length; i += 2) {
    found[words[i]!] = Number(words[i + 1]);
  }
  return found;
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
