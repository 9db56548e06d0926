using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Partitions;
using Npgsql;

namespace AccountGrid.Host.Supply;

/// <summary>
/// Relay commands for trying out a gateway and its meter, without a customer and a policy pack: only for a meter that is on no account, so that nobody's supply
/// depends on it. The gateway gets them and reports on them as on any other, under the number 0, which no real command has.
/// </summary>
internal sealed class RelayTests(NpgsqlDataSource database, IGrainFactory grains, GridDirectory directory, TimeProvider time)
{
    /// <summary>The number of every test: a relay that has taken a real command takes none below it.</summary>
    public const int Sequence = 0;

    /// <summary>How long a test is handed out.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/meters/{id}/relay-test").WithTags("Relays").RequireAuthorization(Permissions.Administer).ProducesProblem(404);
        g.MapPut("", (string id, RelayTestRequest body, ClaimsPrincipal user, RelayTests tests) => tests.AskAsync(id, body, user.Person()))
            .WithSummary("Tries the relay of a meter that is on no account: its gateway gets the command, and nobody's supply depends on it.")
            .Produces<RelayTestAnswer>().ProducesProblem(409).ProducesProblem(422);
        g.MapGet("", (string id, RelayTests tests) => tests.GetAsync(id))
            .WithSummary("What was last tried at the meter's relay, and whether its gateway has confirmed it.").Produces<RelayTestAnswer>();
    }

    /// <summary>
    /// Why a meter cannot be put on an account; null where it can. A meter whose relay was last tested off would leave a customer without supply.
    /// </summary>
    public async Task<IResult?> WhyNotAssignedAsync(string id) => await FindAsync(id) is { } last && (last.Action == "off" || last.ConfirmedAt is null)
        ? Problems.Of(MeterRefusals.RelayOff,
            $"meter: the relay of '{id}' was tried, and its gateway has not confirmed since that it is on: PUT /v1/meters/{id}/relay-test with the action "
                + "on, and have it confirmed.")
        : null;

    /// <summary>Takes a gateway's report on a test; the code and detail of a refusal.</summary>
    public async Task<Refusal?> ReportAsync(int meter, bool isOn)
    {
        await using var command = database.CreateCommand("update relay_test set confirmed_ms = coalesce(confirmed_ms, $3) where meter = $1 and turns_on = $2");
        Statements.Add(command, meter, isOn, time.GetUtcNow().ToUnixTimeMilliseconds());
        return await command.ExecuteNonQueryAsync() == 1
            ? null
            : new Refusal(RelayRefusals.Superseded, "sequence: 0 is the number of a test, and the last one of this meter is another or none.");
    }

    private async Task<IResult> AskAsync(string id, RelayTestRequest body, string person)
    {
        if (body.Action is not ("on" or "off"))
        {
            return Problems.Of(RelayRefusals.ActionInvalid, $"action: '{body.Action}' is not on or off.");
        }

        if (await directory.FindMeterAsync(id) is not { } meter || await grains.GetGrain<IMeterGrain>(id).Get() is not { } view)
        {
            return Unknown(id);
        }

        if (view.Account != 0 || meter.Account != 0)
        {
            return Problems.Of(
                RelayRefusals.TestOnAccount,
                $"meter: '{id}' is on an account. A relay is tried at a meter that is on none; a customer's is switched by the rules of a policy pack alone.");
        }

        await using var command = database.CreateCommand(
            """
            insert into relay_test (meter, turns_on, asked_by, asked_ms) values ($1, $2, $3, $4)
            on conflict (meter) do update set turns_on = excluded.turns_on, asked_by = excluded.asked_by, asked_ms = excluded.asked_ms, confirmed_ms = null
            """);
        Statements.Add(command, meter.Number, body.Action == "on", person, time.GetUtcNow().ToUnixTimeMilliseconds());
        await command.ExecuteNonQueryAsync();
        return await GetAsync(id);
    }

    private async Task<IResult> GetAsync(string id) => await FindAsync(id) is { } found ? TypedResults.Ok(found)
        : await directory.FindMeterAsync(id) is null ? Unknown(id)
        : Problems.Of(RelayRefusals.NoTest, $"Nothing was tried at the relay of meter '{id}'.");

    private async Task<RelayTestAnswer?> FindAsync(string id)
    {
        await using var command =
            database.CreateCommand("select t.turns_on, t.asked_ms, t.confirmed_ms from relay_test t join meter m on m.number = t.meter where m.id = $1");
        Statements.Add(command, id);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? new RelayTestAnswer(id, reader.GetBoolean(0) ? "on" : "off", Instants.ToInstant(reader.GetInt64(1)),
                reader.IsDBNull(2) ? null : Instants.ToInstant(reader.GetInt64(2)))
            : null;
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Unknown(string id) => Problems.Of(
        MeterRefusals.Unknown,
        $"There is no meter '{id}'.");
}
