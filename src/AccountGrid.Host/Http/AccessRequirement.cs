using Microsoft.AspNetCore.Authorization;

namespace AccountGrid.Host.Http;

/// <summary>The caller must have one of a policy's roles; a role with a scope, what is asked for in it.</summary>
internal sealed class AccessRequirement(string policy) : IAuthorizationRequirement
{
    public string Policy { get; } = policy;
}
