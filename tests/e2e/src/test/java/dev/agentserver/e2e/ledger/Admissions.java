package dev.agentserver.e2e.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.e2e.server.Database;

/// Sees every admission in the transaction that admits: whatever raises what a budget holds is
/// written down with what is settled and the limit at that moment.
final class Admissions {
  private final Database database;

  private Admissions(Database database) {
    this.database = database;
  }

  static Admissions watch(Database database) {
    database.run(
        """
        create schema proof;
        create table proof.admission (settled numeric not null, held numeric not null, most numeric not null);
        create function proof.admitted() returns trigger language plpgsql security definer as $$
        begin
          insert into proof.admission
            select new.settled, new.held, b.limit_amount from agent_run.budget b
            where b.tenant_id = new.tenant_id and b.budget_id = new.budget_id and b.hard;
          return null;
        end $$;
        create trigger proof_admission after update on agent_run.budget_period
          for each row when (new.held > old.held) execute function proof.admitted()\
        """);
    return new Admissions(database);
  }

  /// How many were seen, none of which was beyond its limit.
  int count() {
    assertThat(database.column("select admission from proof.admission where settled + held > most"))
        .isEmpty();
    return Integer.parseInt(database.column("select count(*) from proof.admission").getFirst());
  }

  /// One that is beyond the limit would be seen: it is made, looked for and taken back.
  void proveSight() {
    assertThatThrownBy(
            () ->
                database.run(
                    """
                    do $$ begin
                      update agent_run.budget_period p set held = b.limit_amount + 1
                        from agent_run.budget b where b.budget_id = p.budget_id and b.hard;
                      if exists (select from proof.admission where settled + held > most) then
                        raise exception 'it was seen';
                      end if;
                    end $$\
                    """))
        .hasRootCauseMessage(
            "ERROR: it was seen\n  Where: PL/pgSQL function inline_code_block"
                + " line 5 at RAISE");
  }
}
