using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>Accounts whose texts were erased, as the trail tells.</summary>
internal sealed class AuditErasures
{
    private readonly HashSet<int> _accounts = [];

    public static async Task<AuditErasures> ReadAsync(NpgsqlConnection connection)
    {
        const string Sql = """
            select distinct a.number from audit_trail t join account a on a.id = t.account
            where t.method = 'DELETE' and t.path = '/v1/accounts/' || t.account || '/personal-data'
            """;
        var erasures = new AuditErasures();
        erasures._accounts.UnionWith(await AuditQuery.ReadAsync(connection, Sql, r => r.GetInt32(0), []));
        return erasures;
    }

    public bool Has(int account) => _accounts.Contains(account);
}
