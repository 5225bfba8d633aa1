/** How the reader of the command line types what messages tell them to run. */

/** In a checkout npm brings the right Node along; an installed hub is a program of its own. */
const program = import.meta.url.endsWith('.ts') ? 'npm run hub --' : 'hub';

/** Messages of the rooms below name a command in backticks, as `hub check crm`; they know of no face. */
export function spelled(text: string): string {
  return text.replaceAll(/`(hub [^`]+)`/g, (_, command: string) => `\`${asTyped(command)}\``);
}

/** @param command as in messages, `hub check crm` */
export function asTyped(command: string): string {
  return command.replace(/^hub/, program);
}
