/// Values that have a history: what makes revisions of them, in order, and finds what they were.
// What
/// the values mean is the business of whoever keeps them here.
package dev.agentserver.settings.history;
