using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AccountGrid.Domain.Tests.HouseRules;

/// <summary>What is measured of the C# files of src, loadtest and tests: lines, types and methods.</summary>
internal static class SourceText
{
    private const int LineMax = 160;
    private const int FileMax = 500;
    private const int ClassMax = 500;
    private const int MethodMax = 60;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, preprocessorSymbols: ["FAULTS"]);

    /// <summary>
    /// What goes beyond a limit: a line each of <c>file FILE LINES</c>, <c>line FILE COUNT</c>, <c>type FILE NAME</c>, <c>class NAME LINES</c> or
    /// <c>method FILE NAME LINES</c>, sorted.
    /// </summary>
    public static IReadOnlyList<string> BeyondLimits(string root, IEnumerable<(string Path, string Text)> files)
    {
        var found = new List<string>();
        var classes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (path, text) in files)
        {
            var name = Path.GetRelativePath(root, path).Replace('\\', '/');
            var lines = text.Split('\n');
            if (lines.Length - 1 > FileMax)
            {
                found.Add($"file {name} {lines.Length - 1}");
            }

            var overlong = lines.Count(l => l.Length > LineMax);
            if (overlong > 0)
            {
                found.Add($"line {name} {overlong}");
            }

            var tree = CSharpSyntaxTree.ParseText(text, Options).GetCompilationUnitRoot();
            found.AddRange(Misplaced(name, tree).Select(t => $"type {name} {t}"));
            foreach (var type in tree.DescendantNodes().OfType<TypeDeclarationSyntax>())
            {
                var full = $"{name.Split('/')[1]} {FullName(type)}";
                classes[full] = classes.GetValueOrDefault(full) + Lines(type);
            }

            found.AddRange(tree.DescendantNodes().OfType<BaseMethodDeclarationSyntax>().Where(m => Lines(m) > MethodMax)
                .Select(m => $"method {name} {(m as MethodDeclarationSyntax)?.Identifier.Text ?? "constructor"} {Lines(m)}"));
        }

        found.AddRange(classes.Where(c => c.Value > ClassMax).Select(c => $"class {c.Key} {c.Value}"));
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>
    /// Names of types that are not in a file of their name. Beside the type of its name a file may hold those that derive from it; a file whose types all have
    /// the same first base, as commands and events do, may have a name of its own.
    /// </summary>
    private static IEnumerable<string> Misplaced(string file, CompilationUnitSyntax tree)
    {
        var types = tree.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && !m.Modifiers.Any(SyntaxKind.FileKeyword))
            .ToList();
        var firstBases = types.Select(t => Bases(t).FirstOrDefault()).Distinct().ToList();
        if (types.Count > 1 && firstBases is [{ } shared] && !shared.StartsWith('I'))
        {
            return [];
        }

        var family = new HashSet<string>(StringComparer.Ordinal) { Path.GetFileName(file).Split('.')[0] };
        while (types.Find(t => !family.Contains(Name(t)) && Bases(t).Any(family.Contains)) is { } derived)
        {
            family.Add(Name(derived));
        }

        return types.Select(Name).Where(n => !family.Contains(n)).Distinct();
    }

    private static string Name(MemberDeclarationSyntax type) =>
        type is BaseTypeDeclarationSyntax declared ? declared.Identifier.Text : ((DelegateDeclarationSyntax)type).Identifier.Text;

    private static IEnumerable<string> Bases(MemberDeclarationSyntax type) =>
        type is BaseTypeDeclarationSyntax { BaseList: { } bases }
            ? bases.Types.Select(b => b.Type is GenericNameSyntax g ? g.Identifier.Text : b.Type.ToString())
            : [];

    private static string FullName(TypeDeclarationSyntax type) =>
        string.Join('.', type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Reverse().Select(t => t.Identifier.Text));

    /// <summary>Lines from the first to the last token; comments above do not count.</summary>
    private static int Lines(SyntaxNode node)
    {
        var span = node.SyntaxTree.GetLineSpan(node.Span);
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
