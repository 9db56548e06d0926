using AccountGrid.Contracts;

namespace AccountGrid.Host.Security;

/// <summary>API keys, kept as low-rate grains with ADO.NET storage. Processes remember what they asked, so a grain sleeps again soon.</summary>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class ApiKeyGrain([PersistentState("key", "grid")] IPersistentState<StoredApiKey> state) : Grain, IApiKeyGrain
{
    public async Task<bool> Create(ApiKeyRecord record)
    {
        if (state.State.Record is not null)
        {
            return false;
        }

        state.State.Record = record;
        await state.WriteStateAsync();
        return true;
    }

    public async Task<ApiKeyRecord?> Find()
    {
        // What a twin of this activation stored counts too: the database decides which keys are valid.
        await state.ReadStateAsync();
        return state.State.Record;
    }

    public Task EndAt(long ms) => ChangeAsync(r => r.EndsMs == 0 || r.EndsMs > ms ? r with { EndsMs = ms } : r);

    public Task Revoke() => ChangeAsync(r => r with { Revoked = true });

    private async Task ChangeAsync(Func<ApiKeyRecord, ApiKeyRecord> change)
    {
        if (state.State.Record is { } record)
        {
            state.State.Record = change(record);
            await state.WriteStateAsync();
        }
    }
}
