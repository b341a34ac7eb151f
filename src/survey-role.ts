/** The survey: the one public page, with a file of its own and no way to any database. */
import type { Express } from 'express';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createApp } from './http/app.ts';
import { createSurveyRoutes } from './survey/routes.ts';
import { openAnswerStore } from './survey/store.ts';

export interface Survey {
  app: Express;
  stop(): void;
}

/** @throws when the file of answers is not ours */
export function openSurvey(options: {
  config: Config;
  /** By which names the LAN may call; left out: it may not. */
  lanNames?: (() => readonly string[]) | undefined;
  log: Logger;
  secret: string;
  now: () => Date;
}): Survey {
  const { config, secret, now } = options;
  const store = openAnswerStore(join(config.dataDir, 'survey-answers.ndjson'));
  const publicHost = config.survey.url === undefined ? [] : [new URL(config.survey.url).hostname];
  const head = { municipalityName: config.municipality.nameJa, isTrial: config.book !== 'live' };
  return {
    app: createApp({
      log: options.log,
      hosts: () => [...config.allowedHosts, ...publicHost, ...(options.lanNames?.() ?? [])],
      frameSources: [],
      readiness: () => ({ ready: true, book: config.book }),
      routes: (app) => app.use(createSurveyRoutes({ store, secret, head, now })),
    }),
    stop: () => store.close(),
  };
}
