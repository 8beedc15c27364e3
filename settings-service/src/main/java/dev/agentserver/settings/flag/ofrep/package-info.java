/// OpenFeature's remote evaluation protocol, OFREP, over HTTP.
package dev.agentserver.settings.flag.ofrep;
