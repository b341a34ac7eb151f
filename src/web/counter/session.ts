/** Where this screen stands and who is at it: what `GET /api/session` answers. */
import type { Method } from '../../terminal/terminal.ts';

export interface Session {
  book: 'trial' | 'training' | 'live';
  municipalityName: string;
  counterId: string;
  counterName: string;
  clerk: { name: string } | null;
  virtualTerminalUrl: string | null;
  officeUrl: string | null;
  /** Brand codes that this counter's terminal takes. */
  methods: Record<Method, string[]>;
  today: string;
}
