/// The installation's master keys: rotation, rewrapping, destruction.
package dev.agentserver.settings.masterkey;
