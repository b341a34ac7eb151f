/** Who may import whom. An import that no rule allows is a fault, so a new arrow has to be drawn here first. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { drivers } from '../../drivers/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Room → what its files may import of ours. A path that ends in `/` is a folder. */
const ALLOWED: [room: RegExp, targets: RegExp][] = [
  [/^src\/main\.ts$/, /^(src\/|drivers\/index\.ts)/],
  [/^src\/lan\.ts$/, /^src\/(config|preflight|http\/listen|tls\/tls)\.ts$/],
  [/^src\/counter-terminals\.ts$/, /^(src\/(config|preflight|terminal\/[a-z-]+)\.ts|drivers\/index\.ts)$/],
  [/^src\/statement-service\.ts$/, /^(src\/(config|terminal\/(statements|driver))\.ts|drivers\/index\.ts)$/],
  [/^src\/((counter|office|survey)-role|(counter|office)-app|counter-(core|once|statements))\.ts$/, /^src\//],
  [
    /^src\/counter-reference\.ts$/,
    /^src\/(fees\/(fees|catalogue)|staff\/(register|staff)|journal\/(journal|chain)|db\/schema)\.ts$/,
  ],
  [
    /^src\/(config|preflight)\.ts$/,
    /^src\/(book|config|terminal\/(settings|port)|journal\/(lock|file))\.ts$/,
  ],
  [
    /^src\/live\.ts$/,
    /^src\/(payments\/view|counted\/counted|tickets\/scan|terminal\/(terminal|prompt))\.ts$/,
  ],
  [/^src\/(book|errors|business-date|secrets|card-mask|demo|plain-page|sum)\.ts$/, /^$/],
  [/^src\/printed-page\.ts$/, /^src\/(book|plain-page)\.ts$/],
  [/^src\/log\.ts$/, /^src\/card-mask\.ts$/],
  [/^src\/console\.ts$/, /^src\/(config|demo|errors|db\/(embedded|schema)|journal\/journal|tls\/tls)\.ts$/],
  [/^src\/terminal\//, /^src\/terminal\//],
  [/^src\/tls\//, /^src\/tls\//],
  [
    /^src\/journal\//,
    /^src\/(book\.ts|journal\/|db\/(schema|rows|own-rows)\.ts|live\.ts|card-mask\.ts|errors\.ts)/,
  ],
  [/^src\/db\//, /^(src\/(book\.ts|db\/|terminal\/terminal\.ts)|migrations\/)/],
  [/^migrations\//, /^$/],
  [/^src\/http\//, /^src\/(http\/|tls\/tls\.ts|errors\.ts|live\.ts|card-mask\.ts)/],
  [
    /^src\/fees\//,
    /^src\/(book\.ts|fees\/|staff\/(staff|gate)\.ts|journal\/chain\.ts|db\/|errors\.ts|terminal\/(terminal|offer)\.ts|business-date\.ts)/,
  ],
  [/^src\/staff\//, /^src\/(book\.ts|staff\/|db\/(schema|rows)\.ts|journal\/journal\.ts|errors\.ts)/],
  [
    /^src\/payments\//,
    /^src\/(book\.ts|payments\/|once\/(once|keys)\.ts|staff\/(staff|gate|routes)\.ts|fees\/(basket|catalogue|describe|pricing|tax)\.ts|journal\/|db\/(schema|rows)\.ts|terminal\/(terminal|terminals|driver|prompt|offer|reply)\.ts|(plain|printed)-page\.ts|errors\.ts|live\.ts|business-date\.ts|card-mask\.ts)/,
  ],
  [
    /^src\/counted\//,
    /^src\/(counted\/|once\/once\.ts|payments\/(approvals|projection)\.ts|staff\/(staff|gate)\.ts|fees\/(basket|catalogue|pricing)\.ts|journal\/(journal|archive|chain)\.ts|db\/schema\.ts|(errors|sum)\.ts|business-date\.ts)/,
  ],
  [
    /^src\/closing\//,
    /^src\/(book\.ts|closing\/|staff\/(staff|gate|routes)\.ts|counted\/counted\.ts|payments\/(payments|settlement|view)\.ts|fees\/(catalogue|pricing)\.ts|reconcile\/(compare|explain|parts|view)\.ts|journal\/|db\/schema\.ts|live\.ts|terminal\/(terminal|terminals|driver|offer)\.ts|(plain|printed)-page\.ts|(errors|sum)\.ts|business-date\.ts)/,
  ],
  [
    /^src\/reconcile\//,
    /^src\/(reconcile\/|payments\/(operation-events|lifecycle|view|evidence)\.ts|journal\/|db\/|terminal\/(terminal|driver|offer|statements)\.ts|staff\/gate\.ts|(errors|sum)\.ts|live\.ts|business-date\.ts|card-mask\.ts)/,
  ],
  [
    /^src\/reports\//,
    /^src\/(book\.ts|reports\/|counted\/share\.ts|fees\/(fees|catalogue|describe|csv|tax)\.ts|reconcile\/(view|books\/(acquirer|calendar|deposits|view|words)|statements\/declared)\.ts|staff\/staff\.ts|db\/schema\.ts|terminal\/(terminal|offer)\.ts|(errors|sum)\.ts|business-date\.ts)/,
  ],
  [
    /^src\/survey\//,
    /^src\/(survey\/|journal\/chain\.ts|db\/|plain-page\.ts|errors\.ts|card-mask\.ts|business-date\.ts)/,
  ],
  [
    /^src\/daycare\//,
    /^src\/(book\.ts|daycare\/|staff\/staff\.ts|fees\/(basket|catalogue|inputs|pricing|questions)\.ts|journal\/journal\.ts|payments\/view\.ts|counted\/counted\.ts|terminal\/offer\.ts|(plain|printed)-page\.ts|live\.ts|errors\.ts|business-date\.ts)/,
  ],
  // What is sold once: a charge ticket's mark is a type, and how a ticket is read is handed in.
  [
    /^src\/once\//,
    /^src\/(once\/|tickets\/format\.ts|fees\/(catalogue|pricing|unit-rules)\.ts|journal\/(journal|archive)\.ts|staff\/staff\.ts|db\/schema\.ts|errors\.ts|business-date\.ts)/,
  ],
  [
    /^src\/tickets\//,
    /^src\/(tickets\/|once\/|payments\/(operation-events|lifecycle)\.ts|terminal\/(port|terminal)\.ts|staff\/staff\.ts|fees\/(catalogue|pricing)\.ts|journal\/(journal|archive|chain)\.ts|db\/schema\.ts|errors\.ts|business-date\.ts)/,
  ],
  [/^src\/turns\//, /^src\/(turns\/|payments\/view\.ts|live\.ts|errors\.ts|card-mask\.ts)/],
  [
    /^src\/tablets\//,
    /^src\/(tablets\/|tls\/tls\.ts|staff\/(staff|sessions|tries)\.ts|daycare\/daycare\.ts|journal\/journal\.ts|plain-page\.ts|errors\.ts)/,
  ],
  [/^src\/support\//, /^src\/(support\/|journal\/journal\.ts)/],
  // The screens share types and pure functions with the service, nothing that touches the world.
  [
    /^src\/web\//,
    /^src\/(book\.ts|web\/|daycare\/(daycare|charge)\.ts|staff\/staff\.ts|fees\/(accounts|catalogue|csv|describe|inputs|pricing|questions|revision|tax)\.ts|payments\/(view|operation-events|lifecycle|office|open-matters|outside-refunds|checks|brand-rules|evidence|net|return-rules|return-records|search)\.ts|counted\/(counted|share)\.ts|live\.ts|(errors|sum)\.ts|closing\/(check|closing|comparison|day-book|office|opening|state)\.ts|reports\/view\.ts|reconcile\/(view|morning|books\/(view|acquirer|calendar|words)|desk\/(case|reasons|view|words)|statements\/(view|format))\.ts|survey\/survey\.ts|support\/support\.ts|tablets\/view\.ts|once\/(keys|stickers|office)\.ts|tickets\/(scan|state|tickets|office|reasons)\.ts|terminal\/(terminal|prompt|offer|reply)\.ts|business-date\.ts)/,
  ],
  [/^drivers\/index\.ts$/, /^(drivers\/[a-z]+\/[a-z]+\.ts|src\/terminal\/driver\.ts)$/],
  [/^drivers\//, /^(drivers\/|src\/terminal\/|src\/errors\.ts|src\/card-mask\.ts)/],
];

/** Package → the only places that may import it. */
const PACKAGES: [name: string, places: RegExp][] = [
  ['serialport', /^src\/terminal\/port\.ts$/],
  ['better-sqlite3', /^src\/(journal\/|daycare\/store\.ts$)/],
  ['pg', /^src\/db\//],
  ['express', /^(src\/http\/|src\/([a-z-]+\/)+([a-z-]+-)?routes\.ts$|src\/terminal\/virtual-page\.ts$)/],
  ['stripe', /^drivers\/stripe\//],
  ['@node-rs/argon2', /^src\/staff\/gate\.ts$/],
  ['exceljs', /^src\/reports\/workbook\.ts$/],
  ['pdfkit', /^src\/reports\/paper\.ts$/],
  ['iconv-lite', /^src\/reports\/cp932\.ts$/],
  ['react', /^src\/web\//],
  ['vite', /^src\/web\/build\.ts$/],
];

interface Import {
  from: string;
  to: string;
  /** Gone when the program runs. */
  isTypeOnly: boolean;
}

const imports = ['src', 'drivers', 'migrations'].flatMap(filesIn).flatMap(importsOf);

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file).split(sep).join('/'))
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('src/web/dist/'));
}

function importsOf(from: string): Import[] {
  const source = readFileSync(join(root, from), 'utf8');
  const typesOnly = new Set(
    [...source.matchAll(/^import type [^;]+ from '([^']+)';/gm)].map(([, name]) => name),
  );
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => ({
    from,
    to: fileName.startsWith('.') ? posix.normalize(posix.join(dirname(from), fileName)) : fileName,
    isTypeOnly: typesOnly.has(fileName),
  }));
}

const isOurs = ({ to }: Import): boolean => /^(src|drivers|migrations|test|scripts)\//.test(to);

test('every room has a rule', () => {
  const lawless = [...new Set(imports.map(({ from }) => from))].filter(
    (file) => !ALLOWED.some(([room]) => room.test(file)),
  );
  assert.deepEqual(lawless, []);
});

test('a file imports only what its room may', () => {
  const faults = imports
    .filter(isOurs)
    .filter(({ from, to }) => {
      const rule = ALLOWED.find(([room]) => room.test(from));
      return rule !== undefined && !rule[1].test(to) && !/\.(css|svg)$/.test(to);
    })
    .map(({ from, to }) => `${from} → ${to}`);
  assert.deepEqual(faults, []);
});

test('no driver imports another, and nothing under src imports a driver but through the index', () => {
  const model = (file: string): string | undefined => /^drivers\/([^/]+)\//.exec(file)?.[1];
  const faults = imports
    .filter(({ from, to }) => {
      if (from === 'drivers/index.ts' || model(to) === undefined) return false;
      return model(from) !== model(to);
    })
    .map(({ from, to }) => `${from} → ${to}`);
  assert.deepEqual(faults, []);
});

test('no text under src names a driver: what is true of one model is in its own folder', () => {
  const names = new RegExp(`\\b(${drivers.map(({ model }) => model).join('|')})\\b`, 'i');
  const faults = filesIn('src').flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if ((ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) && names.test(node.text)) {
        found.push(`${file}: ${node.text}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
  assert.deepEqual(faults, []);
});

test('a package is imported only where it belongs', () => {
  const faults = imports
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .filter(({ from, to }) => PACKAGES.some(([name, places]) => to === name && !places.test(from)))
    .map(({ from, to }) => `${from} → ${to}`);
  assert.deepEqual(faults, []);
});

test('no two files import each other in a circle', () => {
  const files = [...new Set(imports.map(({ from }) => from))];
  const targets = new Map(
    files.map((file) => [
      file,
      imports.filter((each) => each.from === file && isOurs(each) && !each.isTypeOnly).map(({ to }) => to),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (way.includes(file) || done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(circles, []);
});
