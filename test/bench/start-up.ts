// The time to the first page, and the CPU time until then, of two servers in turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'undici';

export interface StartUp {
  args: string[];
  cwd: string;
  port: number;
}

interface Figures {
  wallMs: number;
  /** `undefined` where the system has no /proc. */
  cpuMs: number | undefined;
}

/** The median of the ratios of neighboring rounds: other load of the machine affects both alike. */
export async function compareStartUp(
  servers: [StartUp, StartUp],
  rounds: number,
): Promise<{ wall: number; cpu: number | undefined; least: [Figures, Figures] }> {
  const figures: [Figures, Figures][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [first, second] = servers;
    if (round % 2 === 0) figures.push([await startUp(first), await startUp(second)]);
    else {
      const later = await startUp(second);
      figures.push([await startUp(first), later]);
    }
  }
  const least = (index: 0 | 1): Figures => ({
    wallMs: Math.min(...figures.map((pair) => pair[index].wallMs)),
    cpuMs: figures[0]?.[index].cpuMs && Math.min(...figures.map((pair) => pair[index].cpuMs ?? 0)),
  });
  return {
    wall: median(figures.map(([a, b]) => a.wallMs / b.wallMs)),
    cpu: figures[0]?.[0].cpuMs
      ? median(figures.map(([a, b]) => (a.cpuMs ?? 0) / (b.cpuMs ?? 1)))
      : undefined,
    least: [least(0), least(1)],
  };
}

async function startUp({ args, cwd, port }: StartUp): Promise<Figures> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd, stdio: 'ignore' });
  const exited = once(child, 'exit');
  while (!(await responds(port))) await new Promise((resolve) => setTimeout(resolve, 2));
  const wallMs = performance.now() - start;
  const cpuMs = readCpuMs(child.pid);
  child.kill('SIGKILL');
  await exited;
  return { wallMs, cpuMs };
}

const responds = (port: number): Promise<boolean> =>
  request(`http://127.0.0.1:${port}/`, { headers: { host: `localhost:${port}` } }).then(
    async ({ statusCode, body }) => {
      await body.dump();
      return statusCode === 200;
    },
    () => false,
  );

/** CPU time of all threads of a process; nanoseconds are the first field of schedstat. */
function readCpuMs(pid: number | undefined): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((task) => readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8'))
      .reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0);
  } catch {
    return undefined;
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
