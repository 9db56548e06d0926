using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using Npgsql;

namespace AccountGrid.Host.Security;

internal static class AuditEndpoints
{
    public static void MapAuditTrail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/accounts/{id}/audit", OfAccountAsync).WithTags("Operations").RequireAuthorization(Permissions.Inspect)
            .WithSummary("Who did what to the account, newest first.").Produces<IReadOnlyList<AuditedAnswer>>();
        routes.MapGet("/v1/audit", OfGridAsync).WithTags("Operations").RequireAuthorization(Permissions.Inspect)
            .WithSummary("Who did what to the grid itself, newest first.").Produces<IReadOnlyList<AuditedAnswer>>();
    }

    private static Task<IResult> OfAccountAsync(string id, int? limit, NpgsqlDataSource database) => ListAsync(id, limit, database);

    private static Task<IResult> OfGridAsync(int? limit, NpgsqlDataSource database) => ListAsync("", limit, database);

    private static async Task<IResult> ListAsync(string account, int? limit, NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            select t.sequence, t.at, t.person, t.name, t.role, t.method, t.path, t.body_hash, o.status, t.trace, t.hash from audit_trail t left
              join audit_outcome o using (account, sequence)
            where t.account = $1 order by t.sequence desc limit $2
            """);
        Statements.Add(command, account, Requests.Limit(limit));
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<AuditedAnswer>();
        while (await reader.ReadAsync())
        {
            rows.Add(new AuditedAnswer(
                reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
                reader.GetString(6),
                Convert.ToHexStringLower((byte[])reader[7]), reader.IsDBNull(8) ? null : reader.GetInt32(8), reader.GetString(9),
                Convert.ToHexStringLower((byte[])reader[10])));
        }

        return TypedResults.Ok<IReadOnlyList<AuditedAnswer>>(rows);
    }
}
