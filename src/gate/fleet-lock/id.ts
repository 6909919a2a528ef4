import { hash } from 'node:crypto';

/**
 * By which a FleetLock server knows an instance: readable, since a person may have to give its slot back by hand, and another on every machine.
 * @param machine names the machine
 */
export function fleetId(network: string, client: string, machine: string): string {
  const digits = hash('sha256', `fleet-lock\n${network}/${client}\n${machine}`, 'hex').slice(0, 24);
  return `${network}.${client}.${digits}`;
}
