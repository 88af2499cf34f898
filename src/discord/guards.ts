import { AppError } from '../errors.js';
import { helps, type Actor } from '../services/members/actor.js';

/** Lets an actor through or throws the AppError that tells why not. Rules about one account are the services'. */
export type Guard = (actor: Actor) => void;

/** Open to every member of the server; written down so that openness is a decision. */
export const everyone: Guard = () => undefined;

/** Helpers and admins. Throws `notAllowed`. */
export const helpers: Guard = (actor) => {
  if (!helps(actor)) throw new AppError('notAllowed');
};

/** Admins only; a helper who reads that it is for helpers would look for the mistake. Throws `adminsOnly`. */
export const admins: Guard = (actor) => {
  if (actor.rank !== 'admin') throw new AppError('adminsOnly');
};
