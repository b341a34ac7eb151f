// Plain JavaScript on purpose: npm's own Node may be one that cannot load TypeScript.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24 || major >= 26) {
  console.error(
    [
      `窓口 (Madoguchi) runs on Node 24; this is Node ${process.versions.node}.`,
      'Linux x64 and Windows x64: run "npm ci" (it brings Node 24), then start again with "npm start" or "npm test".',
      'Elsewhere: install Node 24 from https://nodejs.org and run "npm ci" again.',
      'Node 26 is refused because serialport 13 loses time on it (serialport/node-serialport#3148).',
    ].join('\n'),
  );
  process.exit(1);
}
