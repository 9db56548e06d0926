namespace AccountGrid.Contracts;

/// <summary>What a call from outside the grid carries.</summary>
public static class AccountGridCalls
{
    /// <summary>Name of the API key, or a customer's token, in the request context.</summary>
    public const string KeyName = "accountgrid-key";

    /// <summary>Calls of this asynchronous flow carry a key from now on: a customer's token, say, where one program serves many.</summary>
    public static void UseKey(string key) => RequestContext.Set(KeyName, key);
}
