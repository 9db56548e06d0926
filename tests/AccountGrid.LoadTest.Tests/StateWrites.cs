using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AccountGrid.LoadTest.Tests;

/// <summary>
/// Which classes of the domain change an account's state beside <c>AccountEvents</c>, read from the compiled code: property setters, lists of the state, and
/// methods of the state that change it.
/// </summary>
internal static class StateWrites
{
    private const string State = "AccountGrid.Domain.State";

    /// <summary>What an account is made of, without its meters and its packed form.</summary>
    private static readonly HashSet<string> Tracked =
        ["AccountState", "Customer", "OverdueState", "SupplyState", "ItemBook", "ItemCredit", "LevelState"];

    /// <summary>Where a change is an event's, the state's own, or a stored state that is read.</summary>
    private static readonly HashSet<string> Allowed = [State, "AccountGrid.Domain.Events", "AccountGrid.Domain.Formats"];

    private static readonly HashSet<string> Mutators =
        ["Add", "AddRange", "Insert", "InsertRange", "Remove", "RemoveAll", "RemoveAt", "RemoveRange", "Clear", "set_Item", "Sort"];

    /// <summary>Each as <c>folder/class member</c>, sorted.</summary>
    public static IReadOnlyList<string> Of(Assembly domain)
    {
        using var module = ModuleDefinition.ReadModule(domain.Location);
        var types = module.GetTypes().ToList();
        var writers = WritersOf([.. types.Where(t => NamespaceOf(t) == State).SelectMany(t => t.Methods).Where(m => m.HasBody && !m.IsConstructor)]);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in types.Where(t => NamespaceOf(t) is var n && n.StartsWith("AccountGrid.Domain", StringComparison.Ordinal) && !Allowed.Contains(n)))
        {
            var outer = type;
            while (outer.DeclaringType is not null)
            {
                outer = outer.DeclaringType;
            }

            foreach (var member in type.Methods.Where(m => m.HasBody).SelectMany(m => MembersOf(m, writers)))
            {
                found.Add($"{outer.Namespace["AccountGrid.Domain".Length..].TrimStart('.')}/{outer.Name} {member}");
            }
        }

        return [.. found];
    }

    /// <summary>Methods of the state that change it, and those that call them.</summary>
    private static HashSet<string> WritersOf(IReadOnlyList<MethodDefinition> methods)
    {
        var writers = new HashSet<string>(methods.Where(IsSetter).Select(m => m.FullName));
        int before;
        do
        {
            before = writers.Count;
            writers.UnionWith(methods.Where(m => !m.IsSetter && MembersOf(m, writers).Any()).Select(m => m.FullName));
        }
        while (writers.Count > before);
        return writers;
    }

    private static bool IsSetter(MethodDefinition method) =>
        method.IsSetter && Tracked.Contains(method.DeclaringType.Name) && method.ReturnType is not RequiredModifierType;

    private static IEnumerable<string> MembersOf(MethodDefinition method, HashSet<string> writers)
    {
        var lists = new Dictionary<string, string>();
        foreach (var code in method.Body.Instructions)
        {
            if (code.OpCode == OpCodes.Stfld && code.Operand is FieldReference field && Tracked.Contains(field.DeclaringType.Name)
                && !field.Name.StartsWith('<') && field.DeclaringType.Namespace == State)
            {
                yield return $"{field.DeclaringType.Name}.{field.Name}";
            }

            if (code.Operand is not MethodReference called)
            {
                continue;
            }

            if (called.DeclaringType.Namespace == State && Tracked.Contains(called.DeclaringType.Name)
                && called.Name.StartsWith("get_", StringComparison.Ordinal) && called.ReturnType is GenericInstanceType)
            {
                lists[called.ReturnType.FullName] = $"{called.DeclaringType.Name}.{called.Name[4..]}";
            }
            else if (Mutators.Contains(called.Name) && lists.TryGetValue(called.DeclaringType.FullName, out var list))
            {
                yield return list;
            }
            else if (called.DeclaringType.Namespace == State && writers.Contains(called.FullName))
            {
                yield return $"{called.DeclaringType.Name}.{(called.Name.StartsWith("set_", StringComparison.Ordinal) ? called.Name[4..] : called.Name)}";
            }
        }
    }

    private static string NamespaceOf(TypeDefinition type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return type.Namespace;
    }
}
