/// JSON values as Java objects, with the coercions that JSON Logic takes from JavaScript.
package dev.agentserver.settings.flag.value;
