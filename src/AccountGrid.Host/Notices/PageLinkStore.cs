using AccountGrid.Host.Partitions;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Notices;

/// <summary>Which links of customers' pages are in force, and when each was used.</summary>
internal sealed class PageLinkStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>How long a use stands for the ones that follow: the trail has who looked, and is not filled by a page that is loaded again.</summary>
    public static readonly TimeSpan UseSpan = TimeSpan.FromHours(1);

    /// <summary>What a link of an account opens; null where there is no such account.</summary>
    public async Task<PageLinkTarget?> FindAsync(int account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<PageLinkTarget>(
            """
            select a.number, a.id, a.partition, coalesce(l.generation, 0) generation, k.language, l.history_from
            from account a left join page_link l on l.partition = a.partition and l.account = a.number
              left join contact k on k.partition = a.partition and k.account = a.number
            where a.number = @account
            """,
            new { account });
    }

    /// <summary>The generation of links that is in force for an account; 0 where none was ever ended.</summary>
    public async Task<int> GenerationAsync(AccountAddress account)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int?>(
            "select generation from page_link where partition = @Partition and account = @Number", new { account.Partition, account.Number }) ?? 0;
    }

    /// <summary>Ends all links of an account.</summary>
    public async Task EndAsync(AccountAddress account)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("select end_page_links(@Partition, @Number)", new { account.Partition, account.Number });
    }

    /// <summary>Whether a use of a link within <see cref="UseSpan"/> is recorded already.</summary>
    public async Task<bool> IsUsedAsync(PageLinkTarget target, string link)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (select from page_link_use where partition = @Partition and account = @Number and link = @link and used_at > @before)
            """,
            new { target.Partition, target.Number, link, before = Now - UseSpan });
    }

    /// <summary>Notes that a link was used, and forgets those of the account that have opened nothing for long.</summary>
    public async Task UseAsync(PageLinkTarget target, string link)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            delete from page_link_use where partition = @Partition and account = @Number and used_at < @old;
            insert into page_link_use (partition, account, link, used_at) values (@Partition, @Number, @link, @now)
            on conflict (partition, account, link) do update set used_at = excluded.used_at
            """,
            new { target.Partition, target.Number, link, now = Now, old = Now - TimeSpan.FromDays(NoticeOptions.CustomerPageDaysMax) });
    }

    private DateTimeOffset Now => time.GetUtcNow().ToUniversalTime();
}
