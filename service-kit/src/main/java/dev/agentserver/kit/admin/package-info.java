/// What a service tells its operators about itself.
package dev.agentserver.kit.admin;
