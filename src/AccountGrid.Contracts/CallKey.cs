namespace AccountGrid.Contracts;

/// <summary>Gives a call the program's key where it carries none of its own.</summary>
internal sealed class CallKey(string key) : IOutgoingGrainCallFilter
{
    // Asynchronous, so that what is set here is gone from the caller's context when the call is over.
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (key.Length > 0 && RequestContext.Get(AccountGridCalls.KeyName) is null)
        {
            AccountGridCalls.UseKey(key);
        }

        await context.Invoke().ConfigureAwait(false);
    }
}
