using Npgsql;

namespace AccountGrid.Host.Events;

/// <summary>The grid's own id, made with its database.</summary>
internal sealed class GridIdentity(NpgsqlDataSource database)
{
    private Guid? _id;

    public async ValueTask<Guid> IdAsync(CancellationToken cancel)
    {
        if (_id is { } known)
        {
            return known;
        }

        await using var command = database.CreateCommand("select id from grid");
        var id = (Guid)(await command.ExecuteScalarAsync(cancel))!;
        _id = id;
        return id;
    }
}
