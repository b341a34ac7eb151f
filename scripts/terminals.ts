/** `npm run terminals`: the serial ports of this machine, and the line to put into the settings for each. */
import { drivers } from '../drivers/index.ts';
import { addressOf } from '../src/terminal/detect.ts';
import { listSerialPorts } from '../src/terminal/port.ts';

const ports = await listSerialPorts();
if (ports.length === 0) {
  console.log(
    'シリアルポートが見つかりません。端末のケーブルと電源、ドライバーを確かめてください。\n' +
      'No serial port found: see to the terminal’s cable, its power and its USB driver.',
  );
}
const models = drivers.map(({ model }) => model);
for (const port of ports) {
  const { path, vendorId, productId, serialNumber, manufacturer } = port;
  console.log(`${path}  ${manufacturer ?? ''}`.trimEnd());
  console.log(
    `  vendor ${vendorId ?? '-'}  product ${productId ?? '-'}  serial number ${serialNumber ?? '-'}`,
  );
  for (const model of models) console.log(`  TERMINAL=${model}@${addressOf(port, ports)}`);
}
