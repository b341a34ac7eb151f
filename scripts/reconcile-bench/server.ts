/** What a PostgreSQL server on this machine has worked and taken, as the system says (Linux). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';

/** The members of /proc/PID/stat after the name, which may hold spaces itself. */
const statOf = (pid: string | number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');

/** Seconds that the whole server has worked, its writers and helpers too; NaN where the system does not say. */
export function cpuOf(pid: number): number {
  try {
    const server = statOf(pid)[1] ?? '';
    // Of itself and of those that have ended; then of each that it has now.
    let ticks = statOf(server)
      .slice(11, 15)
      .reduce((sum, each) => sum + Number(each), 0);
    for (const each of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const stat = existsSync(`/proc/${each}/stat`) ? statOf(each) : [];
      if (stat[1] === server) ticks += Number(stat[11]) + Number(stat[12]);
    }
    return ticks / 100;
  } catch {
    return NaN;
  }
}

export const pidOf = async (client: pg.Client): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;

/** The most that a process ever had, in MB; 0 where the system does not say. */
export function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
