namespace AccountGrid.Host.Billing;

/// <summary>The words of a bill's page in one language.</summary>
internal sealed record BillTexts(
    string Bill, string Statement, string Supplier, string Questions, string Customer, string Number, string Period, string PayBy, string NothingToPay,
    string Energy, string Meters, string Meter, string From, string To, string Used, string MetersNote,
    string Charge, string Price, string Amount, string Total, string Debits, string Paid, string Arrears, string Fees, string Balance, string HowToPay,
    string Reference, string Closed, IReadOnlyDictionary<string, string> Lines)
{
    private static readonly BillTexts English = new(
        "Bill", "Statement", "Supplier", "Questions", "Customer reference", "Bill number", "Period", "Pay by", "nothing to pay", "Energy used",
        "Meter readings", "Meter", "From", "To", "Used",
        "Readings nearest to the period's first and last day; what was used between them and midnight is worked out from the readings around it.",
        "Charge", "Price per kWh", "Amount", "Total of this period", "Other amounts now due", "Paid since the last bill", "Still owed of earlier bills",
        "Late fees so far", "Account balance", "How to pay", "Please name your customer reference {0}.", "Closed",
        new Dictionary<string, string>
        {
            ["energy-other"] = "Energy of days that were read again",
            ["tiers"] = "Surcharge for higher use",
            ["standing"] = "Standing charge",
            ["tax"] = "Tax",
            ["corrections"] = "Corrections of earlier days",
            ["rounding"] = "Rounded to whole cents; the rest is carried to the next bill",
        });

    private static readonly BillTexts Chinese = new(
        "电费账单", "用电清单", "供电企业", "咨询电话", "客户编号", "账单编号", "计费周期", "缴费截止日", "无需缴费", "用电量", "电表示数", "电表", "起始示数", "截止示数", "电量",
        "示数取自最接近账期首末日的抄表时刻；至零点的电量按前后两次抄表推算。",
        "收费项目", "单价（每千瓦时）", "金额", "本期合计", "其他应付款项", "上期账单后已缴", "往期欠费", "截至目前违约金", "账户余额", "缴费方式", "缴费时请注明客户编号 {0}。", "出账时间",
        new Dictionary<string, string>
        {
            ["energy-other"] = "重新抄表日的电量",
            ["tiers"] = "阶梯加价",
            ["standing"] = "基本电费",
            ["tax"] = "税费",
            ["corrections"] = "往日更正",
            ["rounding"] = "尾数取整，余额转入下期账单",
        });

    public static BillTexts Of(string language) => IsChinese(language) ? Chinese : English;

    public static bool IsChinese(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase);

    /// <summary>A line's name: of what the company named itself (a rate), or of its kind.</summary>
    public string NameOf(BillLine line) => Lines.GetValueOrDefault(line.Kind, line.Name);
}
