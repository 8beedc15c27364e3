/// Translations between protobuf's values, JSON and ours.
package dev.agentserver.agentrun.text;
