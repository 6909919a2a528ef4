// undici is loaded through here where it is loaded late: a bundle gives a CommonJS package that is imported so no names.
export { Client, EnvHttpProxyAgent, request } from 'undici';
