/** `https://user:password@host`: such an address takes its secret along wherever it is shown. */
export function hasUserInfo(text: string): boolean {
  const url = URL.parse(text.trim());
  if (!url || !/^(?:https?|wss?):$/.test(url.protocol)) return false;
  return url.username !== '' || url.password !== '';
}
