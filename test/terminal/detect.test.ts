import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import {
  addressOf,
  findUsbPort,
  listPorts,
  type PluggedPort,
  type UsbId,
} from '../../src/terminal/detect.ts';
import { parseAddress } from '../../src/terminal/port.ts';
import { TerminalError } from '../../src/terminal/terminal.ts';
import { makeFolder } from '../support/folder.ts';

const port = (path: string, ids: string | null, serialNumber: string | null = null): PluggedPort => ({
  path,
  vendorId: ids?.split(':')[0] ?? null,
  productId: ids?.split(':')[1] ?? null,
  serialNumber,
  manufacturer: null,
});
const BOARD = port('COM1', null);
const TERMINAL = port('COM3', '079b:0028', 'T1234');
const PRINTER = port('COM4', '0403:6001', 'A50285BI');
const usb = (serialNumber: string | null = null): UsbId => ({
  vendorId: '079b',
  productId: '0028',
  serialNumber,
});
const among =
  (...ports: PluggedPort[]) =>
  () =>
    Promise.resolve(ports);

describe('a terminal that is known by its USB id', () => {
  test('is found under whatever name it has now', async () => {
    assert.equal(await findUsbPort(usb(), among(BOARD, TERMINAL, PRINTER)), 'COM3');
    assert.equal(await findUsbPort(usb(), among(PRINTER, { ...TERMINAL, path: 'COM11' })), 'COM11');
  });

  test('is told from its twin by its serial number, written large or small', async () => {
    const twin = { ...TERMINAL, path: 'COM5', serialNumber: 'T9999' };
    assert.equal(await findUsbPort(usb('t9999'), among(TERMINAL, twin)), 'COM5');
  });

  for (const [what, id, ports, words] of [
    ['that is not plugged in', usb(), [BOARD, PRINTER], 'not plugged in'],
    ['with another serial number', usb('T9999'), [TERMINAL], 'not plugged in'],
    ['that has a twin', usb(), [TERMINAL, { ...TERMINAL, path: 'COM5' }], 'COM3, COM5'],
  ] as const) {
    test(`${what} is not guessed: nothing is opened, and the reason is said`, async () => {
      await assert.rejects(
        findUsbPort(id, among(...ports)),
        (error) =>
          error instanceof TerminalError && !error.moneyMayHaveMoved && error.message.includes(words),
      );
    });
  }

  test('on a machine that can not list its ports is said to be not found, with the cause', async () => {
    const cause = new Error('access denied');
    await assert.rejects(
      findUsbPort(usb(), () => Promise.reject(cause)),
      (error) => error instanceof TerminalError && error.cause === cause,
    );
  });
});

describe('the ports of this machine', () => {
  test('are listed with ids in small letters', async () => {
    const listed = await listPorts(() =>
      Promise.resolve([{ path: 'COM3', vendorId: '079B', productId: '0028', serialNumber: 'T1234' }]),
    );
    assert.deepEqual(listed, [TERMINAL]);
  });

  const noUdev = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('spawn udevadm ENOENT'), { code: 'ENOENT' }));

  test('are asked of the kernel where udev is not installed', async (t) => {
    const sys = makeFolder(t);
    const usbDevice = join(sys, 'devices', 'pci0', 'usb1', '1-4');
    const tty = join(usbDevice, '1-4:1.0', 'tty', 'ttyACM0');
    const board = join(sys, 'devices', 'platform', 'tty', 'ttyS0');
    for (const folder of [tty, board, join(sys, 'class', 'tty')]) mkdirSync(folder, { recursive: true });
    for (const [fact, value] of Object.entries({ idVendor: '079b', idProduct: '0028', serial: 'T1234' })) {
      writeFileSync(join(usbDevice, fact), `${value}\n`);
    }
    symlinkSync(tty, join(sys, 'class', 'tty', 'ttyACM0'));
    symlinkSync(board, join(sys, 'class', 'tty', 'ttyS0'));
    assert.deepEqual(await listPorts(noUdev, sys), [{ ...TERMINAL, path: '/dev/ttyACM0' }]);
  });

  test('that can not be listed for another reason are a fault, not an empty list', async () => {
    await assert.rejects(
      listPorts(() => Promise.reject(new Error('access denied'))),
      /access denied/,
    );
  });
});

describe('the address for the settings', () => {
  test('is taken by the settings', () => {
    const { terminals } = readConfig({
      BOOK: 'live',
      ROLES: 'counter',
      TERMINAL: `zvt@${addressOf(TERMINAL, [TERMINAL])}`,
      DATABASE_URL: 'postgres://127.0.0.1/madoguchi',
      API_TOKEN: 'a token of twenty letters',
    });
    assert.deepEqual(terminals[0]?.place, {
      reach: 'line',
      address: { line: 'serial', usb: usb('T1234'), baudRate: 9_600 },
    });
  });

  for (const [what, ports, address] of [
    ['names a device by its serial number', [TERMINAL], 'usb:079b:0028:T1234'],
    ['names a device without one by its kind', [port('COM3', '079b:0028')], 'usb:079b:0028'],
    [
      'does not use a number of Windows’ own making, which changes with the socket',
      [port('COM3', '079b:0028', '6&1a2b3c4d&0&2')],
      'usb:079b:0028',
    ],
    [
      'falls back to the path for twins without numbers',
      [port('COM3', '079b:0028'), port('COM5', '079b:0028')],
      'serial:COM3',
    ],
    ['falls back to the path for what is no USB device', [BOARD], 'serial:COM1'],
  ] as const) {
    test(`${what}, and is understood when it is read`, () => {
      assert.equal(addressOf(ports[0], ports), address);
      assert.notEqual(parseAddress(address), undefined);
    });
  }
});
