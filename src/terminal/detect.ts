/**
 * Which serial ports are plugged in, and which of them is the terminal that is meant. A terminal is known by its USB
 * id, because the name of its port (COM3, ttyUSB0) changes with the socket and with what was plugged in before.
 */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TerminalError } from './terminal.ts';

/** A serial port of this machine; ids are null where it is no USB device. */
export interface PluggedPort {
  path: string;
  /** Four hex digits, lower case. */
  vendorId: string | null;
  productId: string | null;
  serialNumber: string | null;
  manufacturer: string | null;
}

/** What tells a USB device from others; without a serial number any one of its kind, if there is only one. */
export interface UsbId {
  vendorId: string;
  productId: string;
  serialNumber: string | null;
}

/** @throws when the system does not say. */
export type ListPorts = () => Promise<PluggedPort[]>;

/** A port as serialport lists it. */
interface ListedPort {
  path: string;
  vendorId?: string | undefined;
  productId?: string | undefined;
  serialNumber?: string | undefined;
  manufacturer?: string | undefined;
}

/**
 * Asks the system, and on Linux the kernel itself where the system can't say: serialport asks udev's program, which
 * small installations and containers do not have.
 */
export async function listPorts(
  askSystem: () => Promise<ListedPort[]>,
  sysRoot = '/sys',
): Promise<PluggedPort[]> {
  try {
    return (await askSystem()).map((port) => ({
      path: port.path,
      vendorId: port.vendorId?.toLowerCase() ?? null,
      productId: port.productId?.toLowerCase() ?? null,
      serialNumber: port.serialNumber ?? null,
      manufacturer: port.manufacturer ?? null,
    }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return listFromKernel(sysRoot);
  }
}

/** Linux: every tty that hangs on a USB device. */
async function listFromKernel(sysRoot: string): Promise<PluggedPort[]> {
  const folder = join(sysRoot, 'class', 'tty');
  const names = (await readdir(folder)).filter((name) => /^tty(USB|ACM|XRUSB|WCH)/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const device = await findUsbDevice(await realpath(join(folder, name)), sysRoot);
      return {
        path: `/dev/${name}`,
        vendorId: await readFact(device, 'idVendor'),
        productId: await readFact(device, 'idProduct'),
        serialNumber: await readFact(device, 'serial'),
        manufacturer: await readFact(device, 'manufacturer'),
      };
    }),
  );
}

/** The folder above `path` that is a USB device, not one of its interfaces. */
async function findUsbDevice(path: string, sysRoot: string): Promise<string | undefined> {
  for (let folder = path; folder.length > sysRoot.length; folder = dirname(folder)) {
    if ((await readFact(folder, 'idVendor')) !== null) return folder;
  }
  return undefined;
}

/** Null if the device does not say; a device may also be unplugged while it is asked. */
async function readFact(folder: string | undefined, fact: string): Promise<string | null> {
  if (folder === undefined) return null;
  try {
    return (await readFile(join(folder, fact), 'utf8')).trim() || null;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENODEV', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return null;
    }
    throw error;
  }
}

/** The path that the device has now. @throws TerminalError (nothing was sent) if it is not the only one, or not there */
export async function findUsbPort(usb: UsbId, list: ListPorts): Promise<string> {
  let ports: PluggedPort[];
  try {
    ports = await list();
  } catch (cause) {
    throw new TerminalError(`this machine's serial ports can't be listed: ${String(cause)}`, false, {
      cause,
    });
  }
  const fitting = ports.filter(
    ({ vendorId, productId, serialNumber }) =>
      vendorId === usb.vendorId &&
      productId === usb.productId &&
      (usb.serialNumber === null || serialNumber?.toLowerCase() === usb.serialNumber.toLowerCase()),
  );
  const [port, another] = fitting;
  if (port === undefined) throw new TerminalError(`${nameOf(usb)} is not plugged in`, false);
  if (another !== undefined) {
    const paths = fitting.map(({ path }) => path).join(', ');
    throw new TerminalError(`${nameOf(usb)} fits ${paths}: its serial number has to be named`, false);
  }
  return port.path;
}

const nameOf = ({ vendorId, productId, serialNumber }: UsbId): string =>
  ['usb', vendorId, productId, serialNumber].filter((part) => part !== null).join(':');

/**
 * The address to put into the settings: the shortest USB id that names this port alone, else its path.
 * A device without a serial number gets one of Windows' own making, with `&`, which changes with the socket.
 */
export function addressOf(port: PluggedPort, ports: readonly PluggedPort[]): string {
  const { vendorId, productId, serialNumber, path } = port;
  if (vendorId === null || productId === null) return `serial:${path}`;
  if (serialNumber !== null && !/[&@:]/.test(serialNumber)) {
    return nameOf({ vendorId, productId, serialNumber });
  }
  const isOnly = ports.every(
    (other) => other === port || other.vendorId !== vendorId || other.productId !== productId,
  );
  return isOnly ? nameOf({ vendorId, productId, serialNumber: null }) : `serial:${path}`;
}
