using System.Xml;
using System.Xml.Linq;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Elements of a message by local name, whatever version its namespace says.</summary>
internal static class CamtXml
{
    public static XElement? Child(this XElement e, string name) => e.Elements().FirstOrDefault(x => x.Name.LocalName == name);

    public static IEnumerable<XElement> Children(this XElement e, string name) => e.Elements().Where(x => x.Name.LocalName == name);

    /// <summary>Text of a child, or of a child's child; empty where it is not there.</summary>
    public static string Text(this XElement e, params ReadOnlySpan<string> path)
    {
        var at = e;
        foreach (var name in path)
        {
            at = at?.Child(name);
        }

        return at?.Value.Trim() ?? "";
    }

    public static int LineOf(XElement e) => ((IXmlLineInfo)e).LineNumber;

    /// <summary>1 of a credit and -1 of a debit; null is an error that was noted.</summary>
    public static int? Sign(XElement e, string field, SettlementBuilder b)
    {
        switch (e.Text("CdtDbtInd"))
        {
            case "CRDT":
                return 1;
            case "DBIT":
                return -1;
            default:
                b.Wrong(LineOf(e), field, e.Text("CdtDbtInd"), "CRDT or DBIT");
                return null;
        }
    }
}
