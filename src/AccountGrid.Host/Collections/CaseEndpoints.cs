using System.Security.Claims;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Npgsql;

namespace AccountGrid.Host.Collections;

/// <summary>Work for people: what the workflows cannot decide, with an owner and a day.</summary>
internal static class CaseEndpoints
{
    public static void MapCases(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/cases").WithTags("Cases").ProducesProblem(401);
        g.MapGet("/", ListAsync).WithMetadata(new ShowsOwnOnly()).RequireAuthorization(Permissions.QueryOwn)
            .WithSummary("Cases that are not closed, most urgent first.").Produces<IReadOnlyList<CaseAnswer>>();
        g.MapPost("/{id}/close", CloseAsync).RequireAuthorization(Permissions.Collect)
            .WithSummary("Closes a case with its outcome, or with the contact that was made and its code.").ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(string? account, string? owner, int? limit, ClaimsPrincipal user, NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            select c.id, a.id, c.kind, c.created_ms, c.due_day, c.amount_nano, c.owner, c.state, c.outcome, c.closed_by from work_case c
            join account a on a.number = c.account left join contact k on k.partition = c.partition and k.account = c.account
            where ($4 = '' or is_in_area(k.area, $4)) and ($5 = '' or k.manager = $5) and (c.state <> 'closed' or $1 <> '') and ($1 = '' or a.id = $1)
              and ($2 = '' or c.owner = $2 or ($2 = 'none' and c.owner is null)) order by c.state = 'closed', c.due_day, c.created_ms limit $3
            """);
        Statements.Add(command, account ?? "", owner ?? "", Requests.Limit(limit), user.Role() == KeyRole.Collector ? user.Scope()! : "",
            user.Role() == KeyRole.AccountManager ? user.Scope()! : "");
        await using var reader = await command.ExecuteReaderAsync();
        var cases = new List<CaseAnswer>();
        while (await reader.ReadAsync())
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            cases.Add(new CaseAnswer(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), Instants.ToInstant(reader.GetInt64(3)),
                Instants.DayToText(reader.GetFieldValue<DateOnly>(4).DayNumber), new Money(reader.GetInt64(5)).ToString(),
                Text(6), reader.GetString(7), Text(8), Text(9)));
        }

        return TypedResults.Ok<IReadOnlyList<CaseAnswer>>(cases);
    }

    private static async Task<IResult> CloseAsync(string id, CloseCaseRequest body, ClaimsPrincipal user, NpgsqlDataSource database, CustomerCommands commands)
    {
        if ((Requests.CheckText("outcome", body.Outcome) ?? Requests.CheckText("contact", body.Contact) ?? Requests.CheckText("note", body.Note)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        await using var find = database.CreateCommand(
            """
            select a.id from account a join work_case c on c.partition = a.partition and c.account = a.number where c.id = $1 and a.number = $2
              and c.state <> 'closed'
            """);
        Statements.Add(find, id, DerivedId.AccountOf(id));
        if (await find.ExecuteScalarAsync() is not string account)
        {
            return Problems.Of(CustomerRefusals.CaseNotOpen, $"Case '{id}' does not exist or is closed.");
        }

        // The account's log closes it, with what the contact proves; the table follows with its effects.
        var closed = await commands.ExecuteAsync(
            account, "case", body,
            number => body.Contact is { } kind
                ? new RecordContact(number, kind, user.Person(), body.Outcome, id, body.Note)
                : new CloseCase(number, id, user.Person(), body.Outcome));
        return closed is IStatusCodeHttpResult { StatusCode: 200 } ? TypedResults.Ok(new { id, state = "closed" }) : closed;
    }
}
